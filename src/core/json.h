/*
 * Descriptions as JSON: numbers that come back to the bit, and fields read with checks.
 */
#ifndef ONN_SRC_CORE_JSON_H
#define ONN_SRC_CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <onn/status.h>

struct cJSON;

/* Each is false without memory. Infinite and NaN numbers are written as null. */
bool onn_json_put_real(struct cJSON *object, const char *name, double value);
bool onn_json_put_whole(struct cJSON *object, const char *name, uint64_t value);
bool onn_json_put_text(struct cJSON *object, const char *name, const char *value);
bool onn_json_put_bool(struct cJSON *object, const char *name, bool value);

/*
 * Reads a field into *value. One that is not there leaves it as it is; one of another kind, or out
 * of range, is ONN_ERROR_FORMAT with the field's name. Kept in *status: the first error stays.
 */
void onn_json_get_real(
    const struct cJSON *object, const char *name, double *value, onn_status *status);
void onn_json_get_whole(
    const struct cJSON *object, const char *name, uint64_t *value, onn_status *status);
void onn_json_get_size(
    const struct cJSON *object, const char *name, size_t *value, onn_status *status);
void onn_json_get_bool(
    const struct cJSON *object, const char *name, bool *value, onn_status *status);
/* Lent; NULL where the field is not there. */
const char *onn_json_get_text(const struct cJSON *object, const char *name, onn_status *status);

/* An object; NULL with *status, where the text is none: "what: ...". */
struct cJSON *onn_json_parse(const char *what, const char *json, onn_status *status);
/* The object as text, to be freed with onn_free; NULL without memory. Deletes the object. */
char *onn_json_finish(struct cJSON *object);
/* The same for people: each line is set in by what it stands in, and the last one ends. */
char *onn_json_lines(const char *json);

#endif
