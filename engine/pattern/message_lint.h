/*
 * What messages must keep before anybody is sent one.
 */
#ifndef PATTERN_MESSAGE_LINT_H
#define PATTERN_MESSAGE_LINT_H

#include "pattern/builder.h"
#include "pattern/catalogue.h"

/*
 * Renders each template for every typology, level, channel and language it may serve with the longest usual values,
 * and holds the texts against message_rules.h and the channels' bounds; then looks for what nobody has words for. A
 * folder without messages has none to check.
 */
void message_lint(const char *dir, const struct catalogue *catalogue, struct faults *faults);

/* A pattern's own `message`: the same rules, and known placeholders. */
void message_lint_pattern(struct builder *builder, const struct pattern *pattern);

#endif
