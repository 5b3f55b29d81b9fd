/* SPDX-License-Identifier: MIT */
#include "base/log_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What loads can be asked, and every pattern of it writes a line. */
static void use(const struct log_properties *properties, struct buf *out)
{
	static const struct log_record record = { LOG_INFO, "Component.RAW", { "text", 4 }, { 1234567890, 5 } };
	GHashTableIter iter;
	gpointer value;
	g_assert(log_properties_level(properties, record.area) <= LOG_OFF);
	g_hash_table_iter_init(&iter, properties->appenders);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct log_appender *appender = value;
		buf_clear(out);
		log_pattern_render(appender->pattern, &record, out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct log_names names = { "irc.example.org", "1" };
	struct log_properties *properties;
	struct buf out;
	buf_init(&out, 1 << 16);
	properties = log_properties_parse(size ? (const char *)data : "", size, "x.cfg", &names, NULL);
	if (properties)
		use(properties, &out);
	log_properties_free(&properties);
	buf_fini(&out);
	return 0;
}
