#include "tests/unit/pack_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

char pack_dir[] = "/tmp/huqi-pack-XXXXXX";

int pack_make(void **state)
{
	(void)state;
	return mkdtemp(pack_dir) == NULL ? -1 : 0;
}

int pack_remove(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", pack_dir);
	return system(command);
}

void pack_write(const struct pack_pattern *p)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.yaml", pack_dir, p->id);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
	        "id: %s\nversion: 1\nstatus: %s\ntypology: %s\ntitle: {zh: 好, en: good}\naudience: %s\nscore: 60\ndetect:\n%s",
	        p->id, p->status, p->message != NULL ? "V01" : "M03", p->message != NULL ? "enterprise" : "analyst", p->detect);
	if (p->message != NULL)
		fprintf(file, "advice: [a1]\nmessage: {zh: 停, en: '%s'}\n", p->message);
	fprintf(file, "tests:\n%s", p->tests);
	fclose(file);
}
