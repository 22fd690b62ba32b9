/* Forms as anyone sends them: any bytes, and what is accepted keeps its promises. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/form.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_text(struct slice text)
{
	assert(text.at != NULL && utf8_valid(text.at, text.length));
	for (uint32_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];
		assert((c >= 0x20 || c == '\n' || c == '\r' || c == '\t') && c != 0x7F);
	}
}

static void check_fields(const struct form *form)
{
	assert(form->count <= FORM_FIELDS_MAX);
	for (size_t i = 0; i < form->count; i++) {
		check_text(form->fields[i].name);
		check_text(form->fields[i].value);
		assert(form->fields[i].name.length > 0);
		for (size_t j = 0; j < i; j++)
			assert(!slice_equal(form->fields[i].name, form->fields[j].name));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1); /* its own block, so that reading past the end shows */
	struct arena arena;
	struct form form;
	struct error error;

	if (text == NULL)
		return 0;
	if (length > 0)
		memcpy(text, bytes, length);
	arena_init(&arena, 1 << 20);
	if (form_parse((struct slice){text, (uint32_t)length}, &arena, &form, &error) == 0)
		check_fields(&form);
	free(text);
	arena_deinit(&arena);
	return 0;
}
