/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "config/ini.h"
#include "pool/private.h"

LOG_AREA("NetworkPluginServer");

static const struct row {
	const char *key;
	enum config_option option; /* what counts until a backend says it */
	size_t offset;
} rows[] = {
#define ROW(key, option, member)                                             \
	{                                                                    \
		key, CONFIG_##option, offsetof(struct core_features, member) \
	}
	ROW("registration.needPassword", REGISTRATION_NEED_PASSWORD, need_password),
	ROW("registration.needRegistration", REGISTRATION_NEED_REGISTRATION, need_registration),
	ROW("features.muc", FEATURES_MUC, muc),
	ROW("features.receipts", FEATURES_RECEIPTS, receipts),
	ROW("features.rawxml", FEATURES_RAWXML, rawxml),
	ROW("features.disable_jid_escaping", FEATURES_DISABLE_JID_ESCAPING, disable_jid_escaping),
	ROW("features.send_buddies_on_login", FEATURES_SEND_BUDDIES_ON_LOGIN, send_buddies_on_login),
#undef ROW
};

/* One announcement that is being read. */
struct announcement {
	struct pool_features *features;
	unsigned faults; /* of which the first is logged */
};

static void note_fault(void *ctx, unsigned line, const char *what)
{
	struct announcement *announcement = ctx;
	if (announcement->faults++ == 0)
		log_warn("line %u of what a backend announced: %s", line, what);
}

static void take_row(void *ctx, const char *key, const char *text, unsigned line)
{
	struct pool_features *features = ((struct announcement *)ctx)->features;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool value;
		unsigned bit = 1u << i;
		if (strcmp(rows[i].key, key) != 0 || features->announced & bit)
			continue;
		if (!config_parse_bool(text, &value)) {
			note_fault(ctx, line, "neither yes nor no");
			continue;
		}
		features->announced |= bit;
		features->values |= value ? bit : 0;
		features->news = true;
	}
}

void features_announce(struct pool *pool, const char *text)
{
	static const struct config_ini_sink sink = { .row = take_row, .fault = note_fault };
	struct announcement announcement = { &pool->features, 0 };
	config_ini_parse(text, strlen(text), &sink, &announcement);
	if (pool->ready)
		features_publish(pool);
}

void features_publish(struct pool *pool)
{
	struct core_features value = { 0 };
	struct pool_features *features = &pool->features;
	if (!features->news)
		return;
	features->news = false;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool said = features->announced & 1u << i;
		bool *member = (bool *)((char *)&value + rows[i].offset);
		*member = said ? features->values & 1u << i : config_bool(pool->config, rows[i].option);
	}
	core_set_features(pool->core, &value);
}
