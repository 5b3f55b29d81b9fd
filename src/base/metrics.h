/* SPDX-License-Identifier: MIT */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include <stdint.h>

/* Counters of one instance, and one figure that goes up and down. One row a counter: name (as administrators see it), meaning. */
#define METRICS_TABLE(X) \
	X(MESSAGES_FROM_XMPP, "messages_from_xmpp", "Messages received from XMPP since the start") \
	X(MESSAGES_TO_XMPP, "messages_to_xmpp", "Messages sent to XMPP since the start") \
	X(MESSAGES_KEPT, "messages_kept", "Messages kept for users who were away") \
	X(KEPT_DROPPED, "kept_dropped", "Kept messages that had to go before they were delivered") \
	X(ARCHIVE_DROPPED, "archive_dropped", "Messages too large or too many to be archived") \
	X(MESSAGES_RETURNED, "messages_returned", "Messages of users returned to them as errors") \
	X(CARBONS_DROPPED, "carbons_dropped", "Copies of own messages that no server let us show") \
	X(LINK_LOSSES, "link_losses", "Times the link to the XMPP server was lost") \
	X(STANZAS_DROPPED, "stanzas_dropped", "Stanzas dropped while the link was down or full") \
	X(STANZAS_RESENT, "stanzas_resent", "Messages sent to the XMPP server again, or late, after a lost link") \
	X(STANZAS_UNCONFIRMED, "stanzas_unconfirmed", "Messages too many to be kept until the XMPP server had them") \
	X(BACKENDS_STARTED, "backends_started", "Backend processes started") \
	X(BACKENDS_RUNNING, "backends_running", "Backend processes there are now") \
	X(BACKENDS_CRASHED, "backends_crashed", "Backend processes lost while they had users") \
	X(LOGINS, "logins", "Logins handed to backends") \
	X(TEXT_CLEANED, "text_cleaned", "Texts of networks that held what XML forbids")

enum metric {
#define X(id, name, help) METRIC_##id,
	METRICS_TABLE(X)
#undef X
		METRIC_COUNT
};

struct metrics {
	uint64_t value[METRIC_COUNT];
};

static inline void metrics_count(struct metrics *metrics, enum metric which)
{
	metrics->value[which]++;
}

const char *metrics_name(enum metric which);
const char *metrics_help(enum metric which);

#endif
