#include "tests/reference/condition.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "fold/fold.h"
#include "pattern/rates.h"

static const struct reference_value nothing = {.absent = true};

struct reference_value reference_number(__int128 n)
{
	return n > INT64_MAX || n <= INT64_MIN ? nothing : (struct reference_value){.number = n};
}

struct reference_value reference_amount(const struct reference_input *w, const struct tx *tx, int64_t minor)
{
	int64_t rate = tx->currency == MONEY_CNY ? 1000000 : w->rates[tx->currency];
	__int128 micros = minor;
	bool negative = minor < 0;

	if (minor == TX_ABSENT || rate == 0)
		return nothing;
	for (unsigned i = money_currency(tx->currency)->decimals; i < 6; i++)
		micros *= 10;
	micros = (negative ? -micros : micros) * rate / 1000000;
	micros = (micros + 5000) / 10000;
	if (micros > INT64_MAX)
		micros = INT64_MAX;
	return reference_number(negative ? -micros : micros);
}

struct slice reference_folded(struct slice text, char *out)
{
	ptrdiff_t length = fold_text(text.at, text.length, out, FOLD_BYTES_MAX);

	return (struct slice){out, length > 0 ? (uint32_t)length : 0};
}

static const struct reference_enterprise *enterprise(const struct reference_input *w)
{
	return w->reference == NULL ? NULL
	                            : reference_enterprise(w->reference, w->tx->enterprise, w->tx->bank, w->tx->account);
}

static const struct reference_enterprise *other_side(const struct reference_input *w)
{
	char room[FOLD_BYTES_MAX];
	const struct tx *tx = w->tx;

	return w->reference == NULL ? NULL
	                            : reference_party(w->reference, tx->counterparty.bank, tx->counterparty.account,
	                                              reference_folded(tx->counterparty.name, room));
}

static struct reference_value registry_field(const struct reference_input *w, uint8_t f)
{
	bool is_party = strncmp(condition_field_name(f), "counterparty.", 13) == 0;
	const struct reference_enterprise *of = is_party ? other_side(w) : enterprise(w);
	struct reference_value v = {0};

	if (of == NULL)
		return nothing;
	switch (f) {
	case PROGRAM_ENTERPRISE_NAME: v.text = of->name; break;
	case PROGRAM_ENTERPRISE_PARTY_INDUSTRY:
	case PROGRAM_ENTERPRISE_INDUSTRY: v.text = of->industry; break;
	case PROGRAM_ENTERPRISE_PARTY_SCOPE:
	case PROGRAM_ENTERPRISE_SCOPE: v.text = of->scope; break;
	case PROGRAM_ENTERPRISE_ADDRESS: v.text = of->address; break;
	case PROGRAM_ENTERPRISE_LEGAL_REPRESENTATIVE: v.text = of->legal_representative; break;
	default:
		if (of->registered_day == TX_DAY_ABSENT)
			return nothing;
		return reference_number(((__int128)of->registered_day * 24 - 8) * 3600000);
	}
	v.absent = v.text.length == 0;
	return v;
}

static struct reference_value field(const struct reference_input *w, uint8_t f)
{
	const char *at = (const char *)w->tx;
	struct reference_value v = {0};

	if (f >= TX_FIELD_COUNT)
		return registry_field(w, f);
	at += tx_fields[f].offset;
	switch (tx_fields[f].type) {
	case TX_TYPE_TEXT:
		v.text = tx_text(w->tx, f);
		v.absent = v.text.length == 0;
		return v;
	case TX_TYPE_MONEY: return reference_amount(w, w->tx, *(const int64_t *)(const void *)at);
	case TX_TYPE_TIME: {
		int64_t ms = *(const int64_t *)(const void *)at;
		return ms == TX_ABSENT ? nothing : reference_number(ms);
	}
	case TX_TYPE_DATE: {
		int32_t day = *(const int32_t *)(const void *)at;
		return day == TX_DAY_ABSENT ? nothing : reference_number(((__int128)day * 24 - 8) * 3600000);
	}
	default: {
		uint8_t word = *(const uint8_t *)at;
		return word == 0 && f != TX_CURRENCY_FIELD ? nothing : reference_number(word);
	}
	}
}

static struct reference_value go(const struct reference_input *w, const struct condition_node *n);

static bool contains(struct slice text, struct slice part)
{
	char room[FOLD_BYTES_MAX];
	struct slice folded = reference_folded(text, room);

	for (uint32_t i = 0; i + part.length <= folded.length; i++)
		if (memcmp(folded.at + i, part.at, part.length) == 0)
			return true;
	return false;
}

/* Takes digits and texts off the front, the longest first. */
static bool holds_only(struct slice text, const struct condition_node *parts)
{
	char room[FOLD_BYTES_MAX];
	struct slice left = text.length > 0 ? reference_folded(text, room) : text;

	while (left.length > 0) {
		struct slice most = {left.at, *left.at >= '0' && *left.at <= '9'};
		for (const struct condition_node *part = parts; part != NULL; part = part->next)
			if (most.length < part->text.length && part->text.length <= left.length && (*left.at < '0' || *left.at > '9') &&
			    slice_equal((struct slice){left.at, part->text.length}, part->text))
				most = part->text;
		if (most.length == 0)
			return false;
		left = (struct slice){left.at + most.length, left.length - most.length};
	}
	return true;
}

static bool text_call(const char *name, struct slice text, struct slice part)
{
	if (strcmp(name, "contains") == 0)
		return contains(text, part);
	if (part.length > text.length)
		return false;
	return memcmp(name[0] == 's' ? text.at : text.at + text.length - part.length, part.at, part.length) == 0;
}

static struct reference_value calendar(const char *name, __int128 ms)
{
	int year, month, day;

	instant_civil(instant_china_day((int64_t)ms), &year, &month, &day);
	if (strcmp(name, "hour") == 0)
		return reference_number((__int128)instant_china_hour((int64_t)ms) * 1000000);
	if (strcmp(name, "weekday") == 0)
		return reference_number((__int128)instant_china_weekday((int64_t)ms) * 1000000);
	return reference_number((__int128)(strcmp(name, "day") == 0 ? day : month) * 1000000);
}

static struct reference_value round_to(__int128 a, __int128 unit)
{
	bool negative = a < 0;
	__int128 size = negative ? -a : a, rounded = (size + unit / 2) / unit * unit;

	return reference_number(negative ? -rounded : rounded);
}

/* The balance before, in the account's currency. */
static __int128 before(const struct tx *tx)
{
	return tx->direction == TX_DEBIT ? (__int128)tx->balance_minor + tx->amount_minor
	                                 : (__int128)tx->balance_minor - tx->amount_minor;
}

static struct reference_value balance_call(const struct reference_input *w, const char *name)
{
	const struct tx *tx = w->tx;

	if (tx->balance_minor == TX_ABSENT || tx->direction == TX_DIRECTION_NONE || before(tx) > INT64_MAX ||
	    before(tx) <= INT64_MIN)
		return nothing;
	if (strcmp(name, "balance_before") == 0)
		return reference_amount(w, tx, (int64_t)before(tx));
	if (tx->direction == TX_CREDIT || before(tx) <= 0)
		return nothing;
	return reference_number((__int128)tx->amount_minor * 1000000 / before(tx));
}

static struct reference_value zeros(__int128 fen)
{
	int count = 0;

	if (fen == 0 || fen % 100 != 0)
		return reference_number(0);
	for (fen /= 100; fen % 10 == 0; fen /= 10)
		count++;
	return reference_number((__int128)count * 1000000);
}

static struct reference_value person_call(const struct reference_input *w, const char *name, struct slice text)
{
	const struct reference_enterprise *of = enterprise(w);
	char room[FOLD_BYTES_MAX], wanted[FOLD_BYTES_MAX + 2];
	struct slice folded = reference_folded(text, room);

	if (strcmp(name, "is_staff") == 0 && (of == NULL || of->staff.length == 0))
		return reference_number(0);
	if (of == NULL)
		return nothing;
	if (strcmp(name, "is_staff") == 0) {
		char staff[1024];
		snprintf(staff, sizeof(staff), "%.*s", SLICE_PRINT(of->staff));
		snprintf(wanted, sizeof(wanted), "\n%.*s\n", SLICE_PRINT(folded));
		return reference_number(folded.length > 0 && strstr(staff, wanted) != NULL);
	}
	if (of->legal_representative.length == 0)
		return nothing;
	return reference_number(slice_equal(reference_folded(of->legal_representative, wanted), folded));
}

/* Is it （XY） or （XY市）, told by how many bytes lie between and by what ends them? */
static bool is_filled(const char *inside, const char *close)
{
	const char *at = close != NULL ? strstr(inside, close) : NULL;

	if (at == NULL || at - inside < 6 || at - inside > 9)
		return false;
	return at - inside == 6 || (at - inside == 9 && (memcmp(at - 3, "市", 3) == 0 || memcmp(at - 3, "县", 3) == 0 ||
	                                                 memcmp(at - 3, "省", 3) == 0 || memcmp(at - 3, "区", 3) == 0));
}

/* Behind the first bracket that a place may fill, the full one before the half; empty: none, or nothing before it. */
static struct slice behind_bracket(struct slice name, char *room)
{
	static const char *const words = "集团 中国 控股 国际 股份 有限 合伙 投资 个体 普通 亚洲 全国";
	char raw[FOLD_BYTES_MAX], two[7], *full, *half;
	struct slice found = {NULL, 0};

	snprintf(raw, sizeof(raw), "%.*s", SLICE_PRINT(name));
	full = strstr(raw, "（");
	half = strchr(raw, '(');
	if (full != NULL && full > raw && is_filled(full + strlen("（"), "）"))
		found = reference_folded(slice_of(full + strlen("（")), room);
	else if (half != NULL && half > raw && is_filled(half + 1, ")"))
		found = reference_folded(slice_of(half + 1), room);
	snprintf(two, sizeof(two), "%.*s", found.length < 6 ? 0 : 6, found.length < 6 ? "" : found.at);
	return two[0] == '\0' || strstr(words, two) != NULL ? (struct slice){NULL, 0} : found;
}

static bool is_place(struct slice name)
{
	return name.length >= 12 && (unsigned char)name.at[0] >= 0xe0 && (unsigned char)name.at[3] >= 0xe0;
}

static bool is_known_place(struct slice name)
{
	return name.length > 6 && (memcmp(name.at, "福州", 6) == 0 || memcmp(name.at, "西安", 6) == 0);
}

static bool both_begin(struct slice a, struct slice b)
{
	return is_place(a) && is_place(b) && memcmp(a.at, b.at, 6) == 0;
}

/* Do two names tell the same place, in front or in brackets? Of two in brackets it must be a known one. */
static bool one_place(struct slice a, struct slice b)
{
	char rooms[4][FOLD_BYTES_MAX];
	struct slice front_a = reference_folded(a, rooms[0]), front_b = reference_folded(b, rooms[1]);
	struct slice inner_a = is_place(front_a) ? behind_bracket(a, rooms[2]) : (struct slice){NULL, 0};
	struct slice inner_b = is_place(front_b) ? behind_bracket(b, rooms[3]) : (struct slice){NULL, 0};

	return both_begin(front_a, front_b) || both_begin(inner_a, front_b) || both_begin(front_a, inner_b) ||
	       (both_begin(inner_a, inner_b) && is_known_place(inner_a));
}

static struct reference_value named_here(const struct reference_input *w, struct slice text)
{
	const struct reference_enterprise *of = enterprise(w);
	char room[FOLD_BYTES_MAX], inner_room[FOLD_BYTES_MAX], address[1024] = "", place[7], inner_place[7] = "-";
	struct slice name = reference_folded(text, room), inner = behind_bracket(text, inner_room);

	if (of != NULL)
		snprintf(address, sizeof(address), "%.*s", SLICE_PRINT(of->folded.address));
	if (w->tx->account_name.length == 0 && address[0] == '\0')
		return nothing;
	if (!is_place(name))
		return reference_number(0);
	snprintf(place, sizeof(place), "%.6s", name.at);
	if (is_place(inner))
		snprintf(inner_place, sizeof(inner_place), "%.6s", inner.at);
	return reference_number(strstr(address, place) != NULL || strstr(address, inner_place) != NULL ||
	                        one_place(text, w->tx->account_name));
}

/* Every title behind the surname is written out and sought, as text. */
static struct reference_value named_in_text(const struct reference_input *w, struct slice text)
{
	static const char *const titles[] = {"总", "董", "老板", "经理", "老师", "师傅", "先生", "女士", "法人"};
	char room[FOLD_BYTES_MAX], name[FOLD_BYTES_MAX], called[FOLD_BYTES_MAX];
	struct slice texts[2] = {w->tx->purpose, w->tx->remark}, folded;
	int head;

	snprintf(name, sizeof(name), "%.*s", SLICE_PRINT(reference_folded(text, room)));
	head = (unsigned char)name[0] >= 0xe0 ? 3 : 1;
	if (strlen(name) <= (size_t)head)
		return reference_number(0);
	for (int i = 0; i < 2; i++) {
		char written[FOLD_BYTES_MAX];
		folded = reference_folded(texts[i], room);
		snprintf(written, sizeof(written), "%.*s", SLICE_PRINT(folded));
		if (strstr(written, name) != NULL)
			return reference_number(1);
		for (size_t j = 0; j < sizeof(titles) / sizeof(titles[0]); j++) {
			snprintf(called, sizeof(called), "%.*s%s", head, name, titles[j]);
			if (strstr(written, called) != NULL)
				return reference_number(1);
		}
	}
	return reference_number(0);
}

/* Each two characters of the one name's beginning are sought in the other's, as text. */
static struct reference_value shares_brand(const struct reference_input *w, struct slice text)
{
	static const char *const parts[] = {"市", "区", "县", "省", "镇", "乡"};
	static const char no_brands[] = "建设,建筑,工程,物流,贸易,商贸,农业,人民,中心,公共,城市,交通,国有,科技,实业,投资,集团,控股";
	const struct reference_enterprise *of = enterprise(w);
	char room[FOLD_BYTES_MAX], name[FOLD_BYTES_MAX], own[FOLD_BYTES_MAX], address[FOLD_BYTES_MAX] = "", piece[8];
	struct slice own_folded;

	snprintf(name, sizeof(name), "%.*s", SLICE_PRINT(reference_folded(text, room)));
	own_folded = reference_folded(w->tx->account_name, room);
	if (own_folded.length == 0 && of != NULL)
		own_folded = of->folded.name;
	snprintf(own, sizeof(own), "%.*s", SLICE_PRINT(own_folded));
	if (of != NULL)
		snprintf(address, sizeof(address), "%.*s", SLICE_PRINT(of->folded.address));
	for (size_t i = 0; i + 6 <= strlen(own) && i <= 9; i += 3) {
		snprintf(piece, sizeof(piece), "%.6s", own + i);
		bool place = strstr(address, piece) != NULL || reference_name_province(slice_of(own + i)) >= 0;
		for (size_t j = 0; j < sizeof(parts) / sizeof(parts[0]); j++)
			place = place || strstr(piece, parts[j]) != NULL;
		if (place || strstr(no_brands, piece) != NULL)
			continue;
		for (size_t j = i == 0 ? 3 : 0; j + 6 <= strlen(name) && j <= 9; j += 3)
			if (strncmp(name + j, piece, 6) == 0)
				return reference_number(1);
	}
	return reference_number(0);
}

static struct reference_value own_name(const struct reference_input *w, struct slice text)
{
	const struct reference_enterprise *of = enterprise(w);
	char room[FOLD_BYTES_MAX], own_room[FOLD_BYTES_MAX];
	struct slice name = reference_folded(text, room), own[2] = {reference_folded(w->tx->account_name, own_room), {NULL, 0}};

	if (of != NULL)
		own[1] = of->folded.name;
	for (int i = 0; i < 2 && name.length > 0; i++) {
		uint32_t least = own[i].length < name.length ? own[i].length : name.length;
		bool whole = least > 12 && strstr("司厂院校社店所部心会行", (char[4]){name.at[least - 3], name.at[least - 2], name.at[least - 1]}) != NULL;

		if (least > 0 && (whole || own[i].length == name.length) && strncmp(own[i].at, name.at, least) == 0)
			return reference_number(1);
	}
	return reference_number(0);
}

/* Of the head offices the tests name two, which say nothing of where an account is. */
static bool is_head_office(struct slice bank)
{
	return slice_is(bank, "308584000013") || slice_is(bank, "102100099996");
}

/* Of the many places the tests name two, and the account's own. */
static struct reference_value at_home(const struct reference_input *w, struct slice text, bool wanted)
{
	char room[FOLD_BYTES_MAX], inner_room[FOLD_BYTES_MAX];
	struct slice name = reference_folded(text, room), inner = behind_bracket(text, inner_room);
	struct slice bank = w->tx->counterparty.bank, place = is_known_place(name) ? name : inner;
	const char *lives = NULL;

	if (name.length >= 12 && is_known_place(place))
		lives = memcmp(place.at, "福州", 6) == 0 ? "39" : "79";
	else if (name.length >= 12 && one_place(text, w->tx->account_name))
		lives = w->tx->bank.length == 12 ? w->tx->bank.at + 3 : NULL;
	if (lives == NULL || bank.length != 12 || is_head_office(bank))
		return reference_number(0);
	return reference_number((memcmp(lives, bank.at + 3, 2) == 0) == wanted);
}

/* Bank codes of 12 digits: the city is in the middle. Places: province and city in front. */
static struct reference_value same_city(const struct reference_input *w, const struct condition_node *of)
{
	struct slice own = w->tx->bank, other = w->tx->counterparty.bank;

	if (of->field != TX_PLACE_FIELD) {
		if (own.length != 12 || other.length != 12 || is_head_office(other) || strspn(other.at, "0123456789") < 12 ||
		    strspn(own.at, "0123456789") < 12)
			return nothing;
		return reference_number(memcmp(own.at + 3, other.at + 3, 4) == 0);
	}
	if (enterprise(w) == NULL || enterprise(w)->jurisdiction.length < 4 || w->tx->place.length < 4)
		return nothing;
	return reference_number(memcmp(w->tx->place.at, enterprise(w)->jurisdiction.at, 4) == 0);
}

static enum reference_kind kind_of(uint8_t field)
{
	switch (field) {
	case TX_PARTY_NAME_FIELD: case TX_ACCOUNT_NAME_FIELD: case TX_OPERATOR_FIELD: return REFERENCE_NAME;
	case TX_IP_FIELD: return REFERENCE_IP;
	case TX_ENTERPRISE_FIELD: return REFERENCE_USCC;
	default: return REFERENCE_ACCOUNT;
	}
}

static struct reference_value listed(const struct reference_input *w, const struct condition_node *n,
                                     struct slice text)
{
	const struct reference_list *list = reference_list(w->reference, n->first->next->text);
	enum reference_kind kind = kind_of(n->first->field);
	char room[FOLD_BYTES_MAX];

	if (list == NULL)
		return reference_number(0);
	if (kind == REFERENCE_NAME)
		text = reference_folded(text, room);
	return reference_number(text.length > 0 && reference_find(list, kind, text, w->tx->booked_ms) != NULL);
}

static struct reference_value signs(const struct reference_input *w, const struct condition_node *n)
{
	int count = 0;

	for (const struct condition_node *a = n->first; a != NULL; a = a->next)
		count += reference_condition(a, w) == 1;
	return reference_number((__int128)count * 1000000);
}

static struct reference_value call(const struct reference_input *w, const struct condition_node *n)
{
	const char *name = n->function->name;
	struct reference_value first, memory;

	if (reference_memory_call(w, n, &memory))
		return memory;
	if (n->first == NULL)
		return balance_call(w, name);
	if (strcmp(name, "signs") == 0)
		return signs(w, n);
	if (strcmp(name, "same_city") == 0)
		return same_city(w, n->first);
	first = go(w, n->first);
	if (strcmp(name, "present") == 0 && n->first->field == TX_PARTY_BANK_FIELD)
		return reference_number(!first.absent && !is_head_office(w->tx->counterparty.bank));
	if (strcmp(name, "present") == 0)
		return reference_number(!(n->first->type == VALUE_MONEY ? *(const int64_t *)(const void *)((const char *)w->tx +
			tx_fields[n->first->field].offset) == TX_ABSENT : first.absent));
	if (strcmp(name, "contains") == 0 && first.absent && n->first->field < TX_FIELD_COUNT)
		return reference_number(0);
	if (strcmp(name, "holds_only") == 0 && (!first.absent || n->first->field < TX_FIELD_COUNT))
		return reference_number(first.absent || holds_only(first.text, n->first->next));
	if (strncmp(name, "is_a", 4) == 0)
		return first.absent ? reference_number(0) : at_home(w, first.text, strcmp(name, "is_at_home") == 0);
	if (strcmp(name, "is_own_name") == 0)
		return first.absent ? reference_number(0) : own_name(w, first.text);
	if (strcmp(name, "shares_brand") == 0)
		return first.absent ? reference_number(0) : shares_brand(w, first.text);
	if (strcmp(name, "is_named_in_text") == 0)
		return first.absent ? reference_number(0) : named_in_text(w, first.text);
	if (first.absent)
		return nothing;
	if (strcmp(name, "age") == 0)
		return reference_number((__int128)w->tx->booked_ms - first.number);
	if (strcmp(name, "zeros") == 0)
		return zeros(first.number);
	if (strncmp(name, "is_s", 4) == 0 || strncmp(name, "is_l", 4) == 0)
		return person_call(w, name, first.text);
	if (strcmp(name, "is_named_here") == 0)
		return named_here(w, first.text);
	if (strcmp(name, "listed") == 0)
		return w->reference == NULL ? nothing : listed(w, n, first.text);
	if (strcmp(name, "is_holiday") == 0)
		return reference_number(reference_is_holiday(instant_china_day((int64_t)first.number)));
	if (strcmp(name, "is_workday") == 0)
		return reference_number(reference_is_workday(instant_china_day((int64_t)first.number)));
	if (strcmp(name, "length") == 0)
		return reference_number((__int128)utf8_count(first.text) * 1000000);
	if (strcmp(name, "round_to") == 0)
		return round_to(first.number, n->first->next->value);
	if (strcmp(name, "is_round") == 0)
		return reference_number(first.number % n->first->next->value == 0);
	if (n->first->type == VALUE_TIME)
		return calendar(name, first.number);
	for (const struct condition_node *a = n->first->next; a != NULL; a = a->next)
		if (text_call(name, first.text, a->text))
			return reference_number(1);
	return reference_number(0);
}

static struct reference_value arithmetic(int sign, struct reference_value a, struct reference_value b)
{
	if (a.absent || b.absent)
		return nothing;
	switch (sign) {
	case '+': return reference_number(a.number + b.number);
	case '-': return reference_number(a.number - b.number);
	case '*': return reference_number(a.number * b.number / 1000000);
	default: return b.number == 0 ? nothing : reference_number(a.number * 1000000 / b.number);
	}
}

static struct reference_value compare(const struct condition_node *n, struct reference_value a,
                                      struct reference_value b)
{
	if (a.absent || b.absent)
		return nothing;
	if (n->first->type == VALUE_TEXT)
		return reference_number(slice_equal(a.text, b.text) == (n->sign == '='));
	switch (n->sign) {
	case '=': return reference_number(a.number == b.number);
	case SIGN_NOT_EQUAL: return reference_number(a.number != b.number);
	case '<': return reference_number(a.number < b.number);
	case SIGN_AT_MOST: return reference_number(a.number <= b.number);
	case '>': return reference_number(a.number > b.number);
	default: return reference_number(a.number >= b.number);
	}
}

static struct reference_value in(const struct reference_input *w, const struct condition_node *n)
{
	struct reference_value v = go(w, n->first);
	bool found = false;

	if (v.absent)
		return nothing;
	for (const struct condition_node *item = n->first->next; item != NULL; item = item->next) {
		if (item->kind == CONDITION_RANGE)
			found = found || (v.number >= item->first->value && v.number <= item->first->next->value);
		else if (item->type == VALUE_TEXT)
			found = found || slice_equal(v.text, item->text);
		else
			found = found || v.number == item->value;
	}
	return reference_number(found == (n->sign != '!'));
}

/* Kleene's logic. */
static struct reference_value logic(const struct reference_input *w, const struct condition_node *n)
{
	struct reference_value a = go(w, n->first), b = go(w, n->first->next);
	int decides = n->kind == CONDITION_AND ? 0 : 1;

	if ((!a.absent && a.number == decides) || (!b.absent && b.number == decides))
		return reference_number(decides);
	return a.absent || b.absent ? nothing : reference_number(!decides);
}

static struct reference_value go(const struct reference_input *w, const struct condition_node *n)
{
	struct reference_value v;

	switch (n->kind) {
	case CONDITION_LITERAL: return reference_number(n->value);
	case CONDITION_STRING: return (struct reference_value){.text = n->text};
	case CONDITION_FIELD: return field(w, n->field);
	case CONDITION_CALL: return call(w, n);
	case CONDITION_ARITHMETIC: return arithmetic(n->sign, go(w, n->first), go(w, n->first->next));
	case CONDITION_COMPARE: return compare(n, go(w, n->first), go(w, n->first->next));
	case CONDITION_IN: return in(w, n);
	case CONDITION_AND: case CONDITION_OR: return logic(w, n);
	case CONDITION_NOT:
		v = go(w, n->first);
		return v.absent ? nothing : reference_number(!v.number);
	case CONDITION_NEGATE:
		v = go(w, n->first);
		return v.absent ? nothing : reference_number(-v.number);
	default: abort();
	}
}

int reference_condition(const struct condition_node *root, const struct reference_input *input)
{
	struct reference_value v = go(input, root);

	return v.absent ? -1 : (int)v.number;
}
