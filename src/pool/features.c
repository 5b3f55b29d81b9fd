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

static void take_row(void *ctx, const char *key, const char *text, unsigned line)
{
	struct pool_features *features = &((struct pool *)ctx)->features;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool value;
		unsigned bit = 1u << i;
		if (strcmp(rows[i].key, key) != 0 || features->announced & bit)
			continue;
		if (!config_parse_bool(text, &value)) {
			log_warn("a backend announced %s with a value that is neither yes nor no", key);
			continue;
		}
		features->announced |= bit;
		features->values |= value ? bit : 0;
		features->news = true;
	}
}

static void note_fault(void *ctx, unsigned line, const char *what)
{
	log_warn("line %u of what a backend announced: %s", line, what);
}

void features_announce(struct pool *pool, const char *text)
{
	static const struct config_ini_sink sink = { .row = take_row, .fault = note_fault };
	config_ini_parse(text, strlen(text), &sink, pool);
	if (pool->ready)
		features_publish(pool);
}

/* Server mode has no in-band registration to ask for, unless somebody wants it. */
static bool configured(const struct config *config, enum config_option option)
{
	if (option == CONFIG_REGISTRATION_NEED_REGISTRATION && !config_is_set(config, option))
		return !config_bool(config, CONFIG_SERVICE_SERVER_MODE);
	return config_bool(config, option);
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
		*member = said ? features->values & 1u << i : configured(pool->config, rows[i].option);
	}
	core_set_features(pool->core, &value);
}
