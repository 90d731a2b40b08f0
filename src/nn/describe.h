/*
 * Parts that the descriptions of several networks share, as JSON.
 */
#ifndef ONN_SRC_NN_DESCRIBE_H
#define ONN_SRC_NN_DESCRIBE_H

#include <onn/model.h>

#include "core/json.h"

bool onn_json_put_absorber(struct cJSON *object, const onn_absorber *absorber);
void onn_json_get_absorber(const struct cJSON *object, onn_absorber *absorber, onn_status *status);
bool onn_json_put_start(struct cJSON *object, const onn_weight_start *start);
void onn_json_get_start(const struct cJSON *object, onn_weight_start *start, onn_status *status);

/* "f32" or "f64". */
bool onn_precision_from_name(onn_type *type, const char *name);
/* A word that is none of those known, unless an error stands already. */
void onn_json_unknown(onn_status *status, const char *field, const char *value);

/* Reads a word by its enumeration's function; status is in scope. */
#define ONN_JSON_WORD(object, field, place, from_name)                                             \
	do {                                                                                       \
		const char *word_ = onn_json_get_text(object, field, status);                      \
		if (word_ && !from_name(place, word_))                                             \
			onn_json_unknown(status, field, word_);                                    \
	} while (0)

/* A description's failed check as what was wrong with its file. */
onn_status onn_json_refuse(const char *function);

/* Checks that two networks have in common. */
onn_status onn_check_precision(const char *function, onn_type precision);

#endif
