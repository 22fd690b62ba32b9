#include "pattern/faults.h"

#include <stdio.h>

void faults_init(struct faults *faults, pattern_report *report, void *report_context, bool warnings_wanted)
{
	*faults = (struct faults){
		.report = report, .report_context = report_context, .warnings_wanted = warnings_wanted};
}

void faults_add(struct faults *faults, bool warning, const char *name, int line, int column,
                const char *format, va_list args)
{
	struct pattern_fault fault = {.warning = warning, .file = name, .line = line, .column = column};
	char words[ERROR_TEXT_BYTES], text[2 * ERROR_TEXT_BYTES];
	unsigned *counter = warning ? &faults->warnings : &faults->errors;

	if (warning && !faults->warnings_wanted)
		return;
	vsnprintf(words, sizeof(words), format, args);
	if (line > 0)
		snprintf(text, sizeof(text), "%s:%d:%d: %s", name, line, column, words);
	else
		snprintf(text, sizeof(text), "%s: %s", name, words);
	if (!warning && faults->errors == 0)
		snprintf(faults->first, sizeof(faults->first), "%.*s", ERROR_TEXT_BYTES - 1, text);
	if (++*counter > PATTERN_FAULTS_MAX || faults->report == NULL)
		return;
	fault.text = text;
	faults->report(faults->report_context, &fault);
}

void faults_say(struct faults *faults, bool warning, const char *name, int line, int column,
                const char *format, ...)
{
	va_list args;

	va_start(args, format);
	faults_add(faults, warning, name, line, column, format, args);
	va_end(args);
}

int faults_error(const struct faults *faults, struct error *error)
{
	if (faults->errors <= 1)
		return error_set(error, "%s", faults->first);
	return error_set(error, "%.*s (and %u more; `huqi patterns lint` lists them all)", ERROR_TEXT_BYTES - 80,
	                 faults->first, faults->errors - 1);
}
