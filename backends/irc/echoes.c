/* SPDX-License-Identifier: MIT */
#include "irc/echoes.h"

struct echo {
	char *channel, *text, *id;
};

void irc_echoes_init(struct irc_echoes *echoes)
{
	g_queue_init(&echoes->said);
}

static void forget(struct irc_echoes *echoes, GList *item)
{
	struct echo *echo = item->data;
	g_queue_delete_link(&echoes->said, item);
	g_free(echo->channel);
	g_free(echo->text);
	g_free(echo->id);
	g_free(echo);
}

void irc_echoes_clear(struct irc_echoes *echoes)
{
	while (echoes->said.head)
		forget(echoes, echoes->said.head);
}

void irc_echoes_add(struct irc_echoes *echoes, const char *channel, const char *text, const char *id)
{
	struct echo *echo = g_new(struct echo, 1);
	*echo = (struct echo){ g_strdup(channel), g_strdup(text), g_strdup(id) };
	g_queue_push_tail(&echoes->said, echo);
	if (echoes->said.length > IRC_ECHOES_MAX)
		forget(echoes, echoes->said.head);
}

static GList *find(const struct irc_echoes *echoes, const char *channel, const char *text)
{
	for (GList *item = echoes->said.head; item; item = item->next) {
		const struct echo *echo = item->data;
		if (strcmp(echo->channel, channel) == 0 && strcmp(echo->text, text) == 0)
			return item;
	}
	return NULL;
}

char *irc_echoes_take(struct irc_echoes *echoes, const char *channel, const char *text)
{
	GList *found = find(echoes, channel, text);
	if (!found)
		return g_strdup("");
	char *id = g_strdup(((const struct echo *)found->data)->id);
	for (GList *item = found, *before; item; item = before) {
		before = item->prev;
		if (item == found || strcmp(((const struct echo *)item->data)->channel, channel) == 0)
			forget(echoes, item);
	}
	return id;
}
