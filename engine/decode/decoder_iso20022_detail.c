/*
 * One detail of a camt.054 entry → one transaction.
 *
 * Its id: the bank's reference of the entry (AcctSvcrRef), else of the detail; else the notification's id
 * with NtryRef, or with the entry's number, for NtryRef alone is unique only within a notification. Where
 * the entry has several details, "/1", "/2" … follow. EndToEndId is the customer's and no id: customers
 * repeat it.
 *
 * A reversal names what it takes back among the detail's references: AcctSvcrRef, TxId, EndToEndId, the
 * first that is not its own. A bank that reuses the reference of the booking gives none other: then that is
 * what is taken back, and the reversal's own id gets "/R" behind it.
 *
 * Its time: BookgDt/DtTm. A mere date says nothing of the hour, and midnight would look like a booking by
 * night: so the time at which the notification was made, where that was the same day in China, else noon.
 * Without a booking date (a pending entry has none yet) the notification's time.
 */
#include "base/ident.h"
#include "base/instant.h"
#include "decode/decoder_iso20022.h"

/* The reference without the detail's number; empty where nothing identifies the entry. */
static struct slice base_reference(struct xml_reader *reader, const struct camt_work *work)
{
	struct slice reference = xml_either(reader, CAMT_ENTRY_SERVICER_REFERENCE, CAMT_SERVICER_REFERENCE);
	struct slice notification = xml_either(reader, CAMT_NOTIFICATION_ID, CAMT_MESSAGE_ID);

	if (reference.length > 0)
		return reference;
	reference = xml_value(reader, CAMT_ENTRY_REFERENCE);
	if (reference.length > 0 || notification.length == 0)
		return xml_reference(reader->context, notification, reference, 0);
	return xml_reference(reader->context, notification, (struct slice){0}, work->entry_number);
}

/* What a reversal takes back, other than `own`; empty where the detail names nothing else. */
static struct slice reversed_reference(const struct xml_reader *reader, struct slice own)
{
	static const unsigned slots[] = {CAMT_SERVICER_REFERENCE, CAMT_TRANSACTION, CAMT_END_TO_END};

	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		struct slice text = xml_value(reader, slots[i]);
		if (text.length > 0 && !slice_equal(text, own) && !slice_is(text, "NOTPROVIDED"))
			return text;
	}
	return (struct slice){0};
}

static int set_references(struct xml_reader *reader, struct tx_build *build, uint64_t number)
{
	const struct camt_work *work = reader->work;
	struct slice base = base_reference(reader, work), id = base, reverses = {0};
	bool banks_own = xml_either(reader, CAMT_ENTRY_SERVICER_REFERENCE, CAMT_SERVICER_REFERENCE).length > 0;

	if (number > 0)
		id = xml_reference(reader->context, base, (struct slice){0}, number);
	if (work->reversal) {
		reverses = reversed_reference(reader, base);
		if (reverses.length == 0 && banks_own) {
			reverses = id;
			id = xml_reference(reader->context, base, slice_of("R"), number);
		}
	}
	if (base.length > 0 && tx_build_set(build, TX_ID_FIELD, id) == -1)
		return -1;
	return tx_build_set(build, TX_REVERSES_FIELD, reverses);
}

static int reject_time(struct xml_reader *reader, struct slice text)
{
	return tx_build_reject(reader->context, "booked_at", text,
	                       "is no time; expected one such as 2026-03-02T09:15:04 or a date, 2000 to 2099");
}

static int set_booked(struct xml_reader *reader, struct tx_build *build)
{
	struct slice at = xml_value(reader, CAMT_ENTRY_BOOKED_AT), on = xml_value(reader, CAMT_ENTRY_BOOKED_ON);
	struct slice created = xml_either(reader, CAMT_NOTIFICATION_CREATED, CAMT_MESSAGE_CREATED);
	int64_t booked_ms, created_ms;
	int32_t day;

	if (at.length == 0 && on.length == 0)
		at = created;
	if (at.length > 0) {
		if (!xml_date_time(at, &booked_ms))
			return reject_time(reader, at);
		tx_build_booked(build, booked_ms);
		return 0;
	}
	if (on.length == 0)
		return 0;
	if (!xml_date(on, &day))
		return reject_time(reader, on);
	booked_ms = instant_of(day, 12, 0, 0, 0, INSTANT_CHINA_MS);
	if (created.length > 0 && xml_date_time(created, &created_ms) && instant_china_day(created_ms) == day)
		booked_ms = created_ms;
	tx_build_booked(build, booked_ms);
	return 0;
}

static int set_bank(struct xml_reader *reader, struct tx_build *build)
{
	struct slice bank = reader->context->bank, code;

	if (bank.length == 0)
		bank = xml_party_bank(reader, CAMT_ACCOUNT);
	if (bank.length > 0)
		return tx_build_set(build, TX_BANK_FIELD, bank);
	code = xml_party_bank_code(reader, CAMT_ACCOUNT);
	if (code.length == 0)
		return tx_build_reject(reader->context, "bank", code,
		                       "the account's servicer has no code; expected 12 digits, or the feed's setting "
		                       "`bank`");
	return tx_build_reject(reader->context, "bank", code,
	                       "of the account's servicer is no bank code; expected 12 digits, or the feed's "
	                       "setting `bank`");
}

/* The detail's amount; a single one without takes the entry's. */
static int set_amount(struct xml_reader *reader, struct tx_build *build)
{
	bool own = xml_value(reader, CAMT_AMOUNT).length > 0;
	struct slice currency = xml_value(reader, own ? CAMT_CURRENCY : CAMT_ENTRY_CURRENCY);

	if (currency.length == 0)
		return tx_build_reject(reader->context, "currency", (struct slice){0},
		                       "is missing; expected the attribute Ccy of the amount");
	if (tx_build_set(build, TX_AMOUNT_FIELD, xml_value(reader, own ? CAMT_AMOUNT : CAMT_ENTRY_AMOUNT)) == -1)
		return -1;
	return tx_build_set(build, TX_CURRENCY_FIELD, currency);
}

/*
 * The debtor pays and the creditor gets; a reversal still names the roles of the booking that it takes
 * back. A bank that swaps them all the same is told by the account's own number.
 */
static unsigned counterparty(const struct xml_reader *reader, enum tx_direction direction, bool reversal)
{
	bool debtor = (direction == TX_CREDIT) != reversal;
	unsigned side = debtor ? CAMT_DEBTOR : CAMT_CREDITOR, other = debtor ? CAMT_CREDITOR : CAMT_DEBTOR;
	struct slice account = xml_party_account(reader, CAMT_ACCOUNT);

	if (account.length > 0 && slice_equal(xml_party_account(reader, side), account) &&
	    !slice_equal(xml_party_account(reader, other), account))
		return other;
	return side;
}

static int set_parties(struct xml_reader *reader, struct tx_build *build, enum tx_direction direction)
{
	const struct camt_work *work = reader->work;
	unsigned side = counterparty(reader, direction, work->reversal);
	unsigned own = side == CAMT_DEBTOR ? CAMT_CREDITOR : CAMT_DEBTOR;

	if (xml_party_set_own(reader, build, CAMT_ACCOUNT) == -1)
		return -1;
	if (xml_party_name(reader, CAMT_ACCOUNT).length == 0 &&
	    tx_build_set(build, TX_ACCOUNT_NAME_FIELD, xml_party_name(reader, own)) == -1)
		return -1;
	return xml_party_set_counterparty(reader, build, side);
}

/* What the bank writes of the whole entry stands for a detail only where that is alone. */
static int set_texts(struct xml_reader *reader, struct tx_build *build, uint64_t number)
{
	struct slice purpose = xml_value(reader, CAMT_PURPOSE);

	if (purpose.length == 0 && number == 0)
		purpose = xml_value(reader, CAMT_ENTRY_INFORMATION);
	if (tx_build_set(build, TX_PURPOSE_FIELD, purpose) == -1)
		return -1;
	return tx_build_set(build, TX_REMARK_FIELD, xml_value(reader, CAMT_REMARK));
}

int camt_detail(struct xml_reader *reader, uint64_t number)
{
	const struct camt_work *work = reader->work;
	struct slice own = xml_value(reader, CAMT_DIRECTION);
	enum tx_direction direction = own.length > 0 ? camt_direction(own) : work->direction;
	struct tx_build build;

	if (work->status == TX_STATUS_NONE)
		return 0;
	if (tx_build_begin(&build, reader->context) == -1)
		return -1;
	tx_build_word(&build, TX_DIRECTION_FIELD, (uint8_t)direction);
	tx_build_word(&build, TX_STATUS_FIELD, (uint8_t)work->status);
	if (set_references(reader, &build, number) == -1 || set_bank(reader, &build) == -1 ||
	    set_amount(reader, &build) == -1 || set_booked(reader, &build) == -1 ||
	    set_parties(reader, &build, direction) == -1 || set_texts(reader, &build, number) == -1)
		return -1;
	return tx_build_end(&build);
}
