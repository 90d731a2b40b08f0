#include <onn/history.h>

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/number.h"
#include "core/os.h"
#include "run/folder.h"

static const char *const function = "onn_run_history_load";

/* How metrics.csv begins. */
static const struct head {
	const char *text;
	size_t columns;
} heads[] = {
    [ONN_RUN_TRAINING] = {"epoch,train_loss,selection_accuracy,report_accuracy,seconds\n",
        ONN_TRAINING_COLUMNS},
    [ONN_RUN_DESIGN] = {"step,loss\n", ONN_DESIGN_COLUMNS},
};

static const struct head *find_head(onn_run_kind *kind, const char *text)
{
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (strncmp(text, heads[i].text, strlen(heads[i].text)) == 0) {
			*kind = (onn_run_kind)i;
			return &heads[i];
		}
	return NULL;
}

/* Nothing, "nan" and "inf" are not known; NULL: it is no number, else where the next begins. */
static const char *read_cell(double *value, const char *text, char end)
{
	size_t length = strcspn(text, ",\n");
	bool known = onn_number_read(value, text, length);
	if (!known && length > 0 && !strpbrk(text, "nN"))
		return NULL;
	if (!known)
		*value = NAN;
	return text[length] == end ? text + length + 1 : NULL;
}

static onn_status read_rows(onn_array *history, const char *text, const char *path)
{
	const size_t *shape = onn_array_shape(history);
	double *value = onn_array_data(history);
	for (size_t i = 0; i < shape[0]; i++)
		for (size_t k = 0; k < shape[1]; k++) {
			text = read_cell(value++, text, k + 1 < shape[1] ? ',' : '\n');
			if (!text)
				return onn_error(ONN_ERROR_FORMAT,
				    "%s: %s: line %zu is not that of a run; expected %zu numbers",
				    function, path, i + 2, shape[1]);
		}
	return ONN_OK;
}

onn_status onn_run_history_load(onn_array **history, onn_run_kind *kind, const char *folder)
{
	char path[ONN_PATH_ROOM];
	void *data;
	size_t bytes, rows = 0;
	*history = NULL;
	*kind = ONN_RUN_TRAINING;
	if (!folder || !onn_path_join(path, folder, "metrics.csv"))
		return onn_error(ONN_ERROR_FILE,
		    "%s: folder \"%.60s\"; expected one of 1 to %d characters", function,
		    folder ? folder : "", ONN_PATH_ROOM - 13);
	onn_status status = onn_file_read(&data, &bytes, path);
	if (status)
		return status;
	const char *text = data;
	const struct head *head = find_head(kind, text);
	for (const char *p = text; head && *p; p++)
		rows += *p == '\n';
	if (!head)
		status = onn_error(ONN_ERROR_FORMAT,
		    "%s: %s is not that of a run; expected a first line of "
		    "\"epoch,train_loss,...\" or "
		    "\"step,loss\"",
		    function, path);
	else
		status = onn_array_create(history, ONN_F64, 2, (size_t[]){rows - 1, head->columns});
	if (!status)
		status = read_rows(*history, text + strlen(head->text), path);
	onn_free(data);
	if (status) {
		onn_array_destroy(*history);
		*history = NULL;
	}
	return status;
}
