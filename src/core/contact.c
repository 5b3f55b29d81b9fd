/* SPDX-License-Identifier: MIT */
#include "core/contact.h"

#include "base/arena.h"
#include "base/text.h"
#include "core/private.h"

enum { ICON_MAX = 255 }; /* bytes of the hash of a picture: the room there is in the database */

struct contact *contact_new(const char *key, const char *name, const char *node)
{
	size_t key_size = strlen(key) + 1, name_size = strcmp(name, key) ? strlen(name) + 1 : 0;
	size_t node_size = strcmp(node, key) ? strlen(node) + 1 : 0;
	struct contact *contact = g_malloc0(sizeof(*contact) + key_size + name_size + node_size);
	char *at = memcpy(contact->text, key, key_size);
	contact->key = (struct str){ at, key_size - 1 };
	contact->name = name_size ? memcpy(at + key_size, name, name_size) : at;
	contact->node = node_size ? memcpy(at + key_size + name_size, node, node_size) : at;
	contact->status = CORE_OFFLINE;
	return contact;
}

void contact_free(struct contact *contact)
{
	if (!contact)
		return;
	g_free(contact->fields);
	g_clear_pointer(&contact->groups, g_ref_string_release);
	g_free(contact);
}

static const char *field(const struct contact *contact, unsigned index)
{
	const char *at = contact->fields;
	if (!at)
		return "";
	while (index--)
		at += strlen(at) + 1;
	return at;
}

bool contact_is_there(const struct contact *contact)
{
	return contact->status != CORE_OFFLINE && !(contact->flags & CONTACT_MUTED);
}

const char *contact_alias(const struct contact *contact)
{
	return field(contact, 0);
}

const char *contact_status_text(const struct contact *contact)
{
	return field(contact, 1);
}

const char *contact_icon(const struct contact *contact)
{
	return field(contact, 2);
}

static void set_fields(struct contact *contact, const char *alias, const char *text, const char *icon)
{
	size_t alias_len = text_cut(alias, strlen(alias), CORE_TEXT_MAX),
	       text_len = text_cut(text, strlen(text), CORE_TEXT_MAX);
	size_t icon_len = text_cut(icon, strlen(icon), ICON_MAX);
	char *old = contact->fields, *at;
	contact->fields = NULL;
	if (alias_len + text_len + icon_len) {
		at = contact->fields = g_malloc(alias_len + text_len + icon_len + 3);
		memcpy(at, alias, alias_len);
		at[alias_len] = '\0';
		at += alias_len + 1;
		memcpy(at, text, text_len);
		at[text_len] = '\0';
		at += text_len + 1;
		memcpy(at, icon, icon_len);
		at[icon_len] = '\0';
	}
	g_free(old);
}

static bool set_groups(struct contact *contact, const char *joined)
{
	if (g_strcmp0(contact->groups, *joined ? joined : NULL) == 0)
		return false;
	g_clear_pointer(&contact->groups, g_ref_string_release);
	contact->groups = *joined ? g_ref_string_new_intern(joined) : NULL;
	return true;
}

/* Names of groups, each cut; a roster item has no use for more than a few. */
static char *join(const char *const *groups, size_t n)
{
	enum { GROUP_MAX = 255, GROUPS_MAX = 16 };
	GString *joined = g_string_new(NULL);
	for (size_t i = 0; i < MIN(n, (size_t)GROUPS_MAX); i++) {
		gssize start = (gssize)joined->len + (i > 0);
		if (i)
			g_string_append_c(joined, '\n');
		g_string_append_len(joined, groups[i], (gssize)text_cut(groups[i], strlen(groups[i]), GROUP_MAX));
		g_strdelimit(joined->str + start, "\n", ' ');
	}
	return g_string_free(joined, FALSE);
}

static bool same_names(const char *one, const char *other)
{
	if (!strcmp(one, other))
		return true;
	if (strlen(one) != strlen(other))
		return false;
	g_auto(GStrv) left = g_strsplit(one, "\n", -1);
	g_auto(GStrv) right = g_strsplit(other, "\n", -1);
	bool same = g_strv_length(left) == g_strv_length(right);
	for (char **at = left; same && *at; at++)
		same = g_strv_contains((const char *const *)right, *at);
	return same;
}

bool contact_in_groups(const struct contact *contact, const char *const *groups, size_t n)
{
	g_autofree char *joined = join(groups, n);
	return same_names(contact->groups ? contact->groups : "", joined);
}

/* The order of groups means nothing; servers keep none. */
static bool regroup(struct contact *contact, const char *const *groups, size_t n)
{
	g_autofree char *joined = join(groups, n);
	return !same_names(contact->groups ? contact->groups : "", joined) && set_groups(contact, joined);
}

/* As it would be kept: cut. */
static bool differs(const char *kept, const char *seen, size_t max)
{
	size_t n = text_cut(seen, strlen(seen), max);
	return strlen(kept) != n || memcmp(kept, seen, n) != 0;
}

unsigned contact_update(struct contact *contact, const struct core_contact *seen)
{
	const char *alias = seen->alias && *seen->alias ? seen->alias : contact_alias(contact);
	const char *text = seen->text ? seen->text : "", *icon = seen->icon_hash ? seen->icon_hash : "";
	unsigned changes = 0;
	unsigned flags = seen->blocked ? contact->flags | CONTACT_BLOCKED : contact->flags & ~(unsigned)CONTACT_BLOCKED;

	if (differs(contact_alias(contact), alias, CORE_TEXT_MAX))
		changes |= CONTACT_NAMED;
	if (differs(contact_icon(contact), icon, ICON_MAX))
		changes |= CONTACT_ICON;
	if (contact->status != seen->status || differs(contact_status_text(contact), text, CORE_TEXT_MAX))
		changes |= CONTACT_PRESENCE;
	if (flags != contact->flags)
		changes |= CONTACT_FLAGS;
	if (seen->group_count && regroup(contact, seen->groups, seen->group_count))
		changes |= CONTACT_REGROUPED;
	contact->status = (uint8_t)seen->status;
	contact->flags = (uint8_t)flags;
	if (changes & (CONTACT_NAMED | CONTACT_PRESENCE | CONTACT_ICON))
		set_fields(contact, alias, text, icon);
	return changes;
}

bool contact_rename(struct contact *contact, const struct core_contact_item *item, bool to_groups)
{
	bool renamed = item->name && differs(contact_alias(contact), item->name, CORE_TEXT_MAX);
	if (renamed)
		set_fields(contact, item->name, contact_status_text(contact), contact_icon(contact));
	bool regrouped = to_groups && regroup(contact, item->groups, item->group_count);
	return renamed || regrouped;
}

void contact_restore(struct contact *contact, const char *alias, const char *groups, const char *icon)
{
	set_fields(contact, alias, "", icon);
	set_groups(contact, groups);
}

void contact_value(const struct contact *contact, struct core_contact *value, struct arena *scratch)
{
	*value = (struct core_contact){ .name = contact->name,
					.alias = contact_alias(contact),
					.status = (enum core_status)contact->status,
					.text = contact_status_text(contact),
					.icon_hash = contact_icon(contact),
					.blocked = contact->flags & (CONTACT_BLOCKED | CONTACT_MUTED) };
	if (!contact->groups)
		return;
	char *joined = arena_strdup(scratch, contact->groups), *next;
	size_t count = 1;
	for (const char *p = joined; (p = strchr(p, '\n')); p++)
		count++;
	const char **groups = arena_alloc(scratch, (count + 1) * sizeof(*groups));
	for (char *p = joined; p; p = next) {
		next = strchr(p, '\n');
		if (next)
			*next++ = '\0';
		groups[value->group_count++] = p;
	}
	groups[value->group_count] = NULL;
	value->groups = groups;
}
