/*
 * Private: a warning on one line, for whoever watches the demo.
 */
#ifndef CLI_DEMO_LINE_H
#define CLI_DEMO_LINE_H

#include "base/settings.h"
#include "pattern/pattern.h"
#include "work.h"

struct demo_line {
	struct catalogue *catalogue; /* owned: names of typologies */
	bool colours;
};

void demo_line_begin(struct demo_line *line, const struct settings *settings);
void demo_line_end(struct demo_line *line);

/* Level, enterprise, typology in zh and en, amount, why; only where the level is higher than before. */
void demo_line_print(struct demo_line *line, const struct work_alert *alert);

#endif
