/*
 * One pattern file, by the schema that seeds/schemas/pattern.schema.json and patterns/README.md describe.
 * Everything that can be said of the file alone is said here; what an active pattern must have besides is in
 * lint.c.
 */
#include "pattern/builder.h"
#include "pattern/read.h"
#include "pattern/test_read.h"
#include "pattern/weaken.h"
#include "pattern/written.h"

enum { ID_BYTES_MAX = 64, TITLE_BYTES_MAX = 300, VERSION_MAX = 1000000, SCORE_MAX = 100 };

static const char *const pattern_keys[] = {"id",         "version",         "status", "typology", "title",
                                           "audience",   "score",           "withholds", "detect", "advice", "message",
                                           "references", "false_positives", "tests",  NULL};
static const char *const statuses[] = {"draft", "shadow", "active", "retired", NULL};
static const char *const audiences[] = {"enterprise", "analyst", NULL};

const char *const pattern_status_names[] = {"draft", "shadow", "active", "retired"};

/* Lower-case words joined by hyphens: an id stands in file names, URLs and hit ids. */
static bool is_id(struct slice text)
{
	for (uint32_t i = 0; i < text.length; i++) {
		char c = text.at[i];
		bool inside = i > 0 && i + 1 < text.length && c == '-' && text.at[i - 1] != '-';
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || inside))
			return false;
	}
	return text.length > 0 && text.length <= ID_BYTES_MAX;
}

static bool is_typology(struct slice text)
{
	return text.length == 3 && (text.at[0] == 'V' || text.at[0] == 'M') && text.at[1] >= '0' &&
	       text.at[1] <= '9' && text.at[2] >= '0' && text.at[2] <= '9';
}

static void read_names(struct builder *builder, struct source *source, const struct yaml_node *root,
                       struct pattern *p)
{
	struct arena *arena = &builder->set->arena;
	const struct yaml_node *title;

	p->id = read_text(source, arena, root, "id", true);
	if (p->id.at != NULL && !is_id(p->id))
		source_fault(source, yaml_find(root, "id"),
		             "`id: %.70s`: expected lower-case letters and digits, in words joined "
		             "by hyphens, at most %d",
		             p->id.at, ID_BYTES_MAX);
	p->typology = read_text(source, arena, root, "typology", true);
	if (p->typology.at != NULL && !is_typology(p->typology))
		source_fault(source, yaml_find(root, "typology"),
		             "`typology: %.20s`: expected V or M and two digits, such as V01", p->typology.at);
	title = read_member(source, root, "title", true);
	if (title != NULL)
		p->title = read_words(source, arena, title, "`title`");
	if (p->title.zh.length > TITLE_BYTES_MAX || p->title.en.length > TITLE_BYTES_MAX)
		source_fault(source, title, "a title has at most %d bytes; details belong into the message",
		             TITLE_BYTES_MAX);
}

/* I7: a finding about a mule must never reach the account's holder, so it has nobody to be written for. */
static void check_audience(struct source *source, const struct yaml_node *root, const struct pattern *p)
{
	const struct yaml_node *message = yaml_find(root, "message"), *audience = yaml_find(root, "audience");
	bool mule = p->typology.length > 0 && p->typology.at[0] == 'M';

	if (audience != NULL && mule && p->audience != AUDIENCE_ANALYST)
		source_fault(source, audience,
		             "typology %s is about the account itself, so the audience must be analyst: its "
		             "holder is never warned",
		             p->typology.at);
	else if (message != NULL && p->audience == AUDIENCE_ANALYST)
		source_fault_key(source, message, "a pattern for analysts has no message: nobody outside may be told");
}

/* I7. Whom it watches must be decided with the transaction, when another pattern's hit asks for it. */
static void read_withholds(struct source *source, const struct yaml_node *root, struct pattern *p)
{
	static const char *const what[] = {"warnings", NULL};
	const struct yaml_node *node = yaml_find(root, "withholds");

	p->withholds_warnings = read_word(source, root, "withholds", what, false) == 0;
	if (p->withholds_warnings && p->audience != AUDIENCE_ANALYST)
		source_fault_key(source, node, "`withholds` beside `audience: enterprise`: expected it in a pattern for analysts, "
		                               "which says that the account itself launders");
	if (p->withholds_warnings && p->detect != NULL && detect_link(p->detect) != NULL)
		source_fault_key(source, node, "`withholds` beside link or path: expected only text, where, sequence, list and any_of "
		                               "of these, which are decided with the transaction");
}

static void read_message(struct builder *builder, struct source *source, const struct yaml_node *root,
                         struct pattern *p)
{
	const struct yaml_node *message = read_member(source, root, "message", false);
	int audience = read_word(source, root, "audience", audiences, true);

	p->audience = audience < 0 ? AUDIENCE_ANALYST : (uint8_t)audience;
	if (audience >= 0)
		check_audience(source, root, p);
	if (message != NULL)
		p->message = read_words(source, &builder->set->arena, message, "`message`");
	p->advice = read_list(source, &builder->set->arena, root, "advice", &p->advice_count);
	p->references = read_list(source, &builder->set->arena, root, "references", &p->reference_count);
	p->false_positives =
		read_list(source, &builder->set->arena, root, "false_positives", &p->false_positive_count);
}

static void read_detect(struct builder *builder, struct source *source, const struct yaml_node *root,
                        struct pattern *p, struct weakening *weakening)
{
	bool live = p->status == PATTERN_ACTIVE || p->status == PATTERN_SHADOW;
	struct reader reader = {.builder = builder, .source = source, .file = p->file.at, .pattern = p,
	                        .running = live || builder->run_all, .weakening = weakening};
	const struct yaml_node *node = read_member(source, root, "detect", true);
	struct plan_detect *detect;

	if (node == NULL)
		return;
	p->written = written_keep(&builder->set->arena, node, &p->written_count);
	detect = read_take(&builder->set->arena, sizeof(*detect));
	detect_read(&reader, node, detect);
	/* A copy may have lost all that it asked, and then finds everything. */
	if (reader.running && (detect->part_count > 0 || p->lack != NULL))
		p->detect = detect;
}

/* Behind the pattern just read: copies of it, each without one of the `count` conditions. */
static void read_copies(struct builder *builder, struct source *source, const struct yaml_node *root,
                        uint32_t count)
{
	struct arena *arena = &builder->set->arena;
	const struct pattern whole = builder->set->patterns[builder->set->pattern_count - 1];

	for (uint32_t i = 1; i <= count && whole.detect != NULL && builder->faults->errors == 0; i++) {
		struct weakening *weakening = read_take(arena, sizeof(*weakening));
		struct pattern *copy = builder_pattern(builder);
		*weakening = (struct weakening){.wanted = i};
		*copy = whole;
		copy->id = slice_of(arena_print(arena, "%.*s~%03u", SLICE_PRINT(whole.id), i));
		copy->lack = &weakening->lack;
		read_detect(builder, source, root, copy, weakening);
	}
}

void pattern_read(struct builder *builder, struct source *source, const char *file)
{
	const struct yaml_node *root = source->yaml.root;
	struct pattern *p = builder_pattern(builder);
	struct weakening counting = {0};
	int status;

	p->file = arena_copy(&builder->set->arena, slice_of(file));
	if (!read_map(source, root, "a pattern", pattern_keys))
		return;
	read_names(builder, source, root, p);
	p->version = read_number(source, root, "version", 1, VERSION_MAX, true);
	status = read_word(source, root, "status", statuses, true);
	p->status = status < 0 ? PATTERN_DRAFT : (uint8_t)status;
	p->score = (uint8_t)read_number(source, root, "score", 1, SCORE_MAX, true);
	read_message(builder, source, root, p);
	read_detect(builder, source, root, p, &counting);
	read_withholds(source, root, p);
	tests_read(source, &builder->set->arena, root, p);
	if (builder->weakened)
		read_copies(builder, source, root, counting.seen);
}
