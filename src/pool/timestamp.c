/* SPDX-License-Identifier: MIT */
#include "pool/timestamp.h"

#include <glib.h>
#include <time.h>

enum { SECONDS_DIGITS_MAX = 11, DATE_LEN = 15 };

/* The number that n digits make, or -1. Stops at the end of the text. */
static int read_digits(const char *p, int n)
{
	int value = 0;
	for (int i = 0; i < n; i++) {
		if (!g_ascii_isdigit(p[i]))
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

static int64_t parse_date(const char *text)
{
	struct tm tm = { 0 };
	int year = read_digits(text, 4), month = read_digits(text + 4, 2), day = read_digits(text + 6, 2);
	tm.tm_hour = read_digits(text + 9, 2);
	tm.tm_min = read_digits(text + 11, 2);
	tm.tm_sec = read_digits(text + 13, 2);
	if (year < 1970 || month < 1 || month > 12 || day < 1)
		return 0;
	if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
		return 0;
	if (tm.tm_hour < 0 || tm.tm_hour > 23 || tm.tm_min < 0 || tm.tm_min > 59 || tm.tm_sec < 0 || tm.tm_sec > 60)
		return 0;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	return timegm(&tm);
}

int64_t timestamp_parse(const char *text)
{
	size_t len = 0, digits = 0;
	while (len <= DATE_LEN && text[len])
		digits += g_ascii_isdigit(text[len++]) ? 1 : 0;
	if (len == DATE_LEN && text[8] == 'T')
		return parse_date(text);
	if (len == 0 || len > SECONDS_DIGITS_MAX || digits != len)
		return 0;
	return (int64_t)g_ascii_strtoull(text, NULL, 10);
}
