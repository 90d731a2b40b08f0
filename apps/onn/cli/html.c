#include "html.h"

#include <math.h>
#include <string.h>

#include <onn/version.h>

int html_check_path(const command *c, const char *path)
{
	if (!path)
		return EXIT_OK;
	if (!path_ends_in(path, ".html"))
		return command_usage(
		    c, "--report is '%s'; expected a name that ends in .html", path);
	return path_check_folder(c, path);
}

void html_begin(FILE *file, const char *title, const char *heading)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
	      "name=\"viewport\" content=\"width=device-width\">\n<title>onn: ",
	    file);
	html_text(file, title);
	fputs("</title>\n<style>body{font:15px/1.5 sans-serif;max-width:70em;margin:2em "
	      "auto;padding:0 1em}table{border-collapse:collapse;margin:1em 0}td,th{border:1px "
	      "solid #bbb;padding:.2em "
	      ".6em;text-align:left}pre{background:#f4f4f4;padding:.8em;overflow:auto}img,svg{max-"
	      "width:100%;height:auto}figure{margin:1em 0}.wide{overflow-x:auto}</style></head>"
	      "<body>\n<h1>",
	    file);
	html_text(file, heading);
	fputs("</h1>\n", file);
}

void html_end(FILE *file)
{
	fputs("<p>Written by onn " ONN_VERSION ".</p>\n</body></html>\n", file);
}

void html_text(FILE *file, const char *text)
{
	for (; *text; text++)
		if (*text == '<')
			fputs("&lt;", file);
		else if (*text == '&')
			fputs("&amp;", file);
		else if (*text == '"')
			fputs("&quot;", file);
		else
			fputc(*text, file);
}

void html_cell(FILE *file, const char *text)
{
	fputs("<td>", file);
	html_text(file, text);
	fputs("</td>", file);
}

void html_number(FILE *file, double value, const char *format, double scale)
{
	char text[64] = "-";

	if (isfinite(value))
		snprintf(text, sizeof text, format, scale * value);
	html_cell(file, text);
}

void html_svg(FILE *file, FILE *svg)
{
	bool begun = false;
	char line[4096];

	/* what stands before is of a file of its own */
	rewind(svg);
	while (fgets(line, sizeof line, svg)) {
		begun = begun || strstr(line, "<svg");
		if (begun)
			fputs(line, file);
	}
}

static void put_base64(FILE *to, FILE *from)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char b[3];
	size_t n;

	while ((n = fread(b, 1, 3, from)) > 0) {
		for (size_t i = n; i < 3; i++)
			b[i] = 0;
		fputc(digit[b[0] >> 2], to);
		fputc(digit[(b[0] & 3) << 4 | b[1] >> 4], to);
		fputc(n > 1 ? digit[(b[1] & 15) << 2 | b[2] >> 6] : '=', to);
		fputc(n > 2 ? digit[b[2] & 63] : '=', to);
	}
}

void html_png(FILE *file, FILE *png, const char *name, const char *caption)
{
	rewind(png);
	fputs("<figure><img alt=\"", file);
	html_text(file, name);
	fputs("\" src=\"data:image/png;base64,", file);
	put_base64(file, png);
	fputs("\">", file);
	if (caption) {
		fputs("<figcaption>", file);
		html_text(file, caption);
		fputs("</figcaption>", file);
	}
	fputs("</figure>\n", file);
}
