/*
 * The store's public page: the connection and its writing thread, then the rows, a header a concern.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "store/connection.h"

#include "store/alert_rows.h"
#include "store/answer_rows.h"
#include "store/audit_rows.h"
#include "store/bulletin_rows.h"
#include "store/call_rows.h"
#include "store/contact_rows.h"
#include "store/dead_rows.h"
#include "store/delivery_rows.h"
#include "store/delivery_view.h"
#include "store/drill_rows.h"
#include "store/escalation_rows.h"
#include "store/figure_rows.h"
#include "store/list_rows.h"
#include "store/receipt_rows.h"
#include "store/reference_rows.h"
#include "store/registry_rows.h"
#include "store/relay_rows.h"
#include "store/timer_rows.h"
#include "store/told_rows.h"
#include "store/way_code_rows.h"

#endif
