/*
 * The words of enumerations, for the rows of tables.
 */
#ifndef ONN_SRC_NN_WORDS_H
#define ONN_SRC_NN_WORDS_H

#include <onn/settings.h>

extern const onn_words onn_activation_words, onn_loss_words, onn_norm_words, onn_pooling_words;
extern const onn_words onn_d2nn_encoding_words, onn_d2nn_modulation_words, onn_d2nn_detection_words,
    onn_d2nn_loss_words;

#endif
