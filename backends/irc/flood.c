/* SPDX-License-Identifier: MIT */
#include "irc/flood.h"

void irc_flood_init(struct irc_flood *flood)
{
	g_queue_init(&flood->lines);
	flood->paid_to = 0;
}

void irc_flood_clear(struct irc_flood *flood)
{
	g_queue_clear_full(&flood->lines, g_free);
	flood->paid_to = 0;
}

unsigned irc_flood_room(const struct irc_flood *flood)
{
	return IRC_FLOOD_QUEUE_MAX - flood->lines.length;
}

void irc_flood_push(struct irc_flood *flood, char *line)
{
	g_assert(irc_flood_room(flood) > 0);
	g_queue_push_tail(&flood->lines, line);
}

uint64_t irc_flood_due(const struct irc_flood *flood)
{
	const uint64_t burst = (IRC_FLOOD_BURST - 1) * IRC_FLOOD_INTERVAL_MS;
	if (flood->lines.length == 0)
		return UINT64_MAX;
	return flood->paid_to > burst ? flood->paid_to - burst : 0;
}

char *irc_flood_pop(struct irc_flood *flood, uint64_t now)
{
	if (irc_flood_due(flood) > now)
		return NULL;
	flood->paid_to = MAX(flood->paid_to, now) + IRC_FLOOD_INTERVAL_MS;
	return g_queue_pop_head(&flood->lines);
}
