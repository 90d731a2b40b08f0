/*
 * The training epoch of task.c written by hand in plain C, for this one network: what can be had on
 * this machine without any library but the matrix product's. The yardstick for onn.
 */
#ifndef ONN_APPS_BENCH_PEERS_MLP_BY_HAND_H
#define ONN_APPS_BENCH_PEERS_MLP_BY_HAND_H

#include <onn/dataset.h>

typedef struct mlp_by_hand mlp_by_hand;

/* The weights begin as onn_train's do with seed 0. The data set stays with the caller and must
 * outlive the network. NULL: no memory, or not 784 pixels and 10 classes. */
mlp_by_hand *mlp_by_hand_create(const onn_dataset *data, int threads);
void mlp_by_hand_destroy(mlp_by_hand *net);
/* One epoch in an order of its own; returns its seconds, *loss the mean loss. */
double mlp_by_hand_epoch(mlp_by_hand *net, double *loss);

#endif
