/* SPDX-License-Identifier: MIT */
#include "loop/certificate_private.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

enum { NAMES_TOLD_MAX = 5 };

/* RFC 6120, section 13.7.1.2.1: an otherName of this type is a JID, a domain here. */
static bool is_xmpp_address(const GENERAL_NAME *name, const char *host)
{
	const ASN1_TYPE *value;
	if (name->type != GEN_OTHERNAME || OBJ_obj2nid(name->d.otherName->type_id) != NID_XmppAddr)
		return false;
	value = name->d.otherName->value;
	return value->type == V_ASN1_UTF8STRING &&
	       (size_t)ASN1_STRING_length(value->value.utf8string) == strlen(host) &&
	       !memcmp(ASN1_STRING_get0_data(value->value.utf8string), host, strlen(host));
}

bool certificate_is_for(X509 *leaf, const char *host)
{
	g_autofree char *ascii = g_hostname_to_ascii(host);
	if (ascii && X509_check_host(leaf, ascii, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1)
		return true;
	GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
	bool found = false;
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++)
		found = is_xmpp_address(sk_GENERAL_NAME_value(names, i), host);
	GENERAL_NAMES_free(names);
	ERR_clear_error();
	return found;
}

static void append(GString *list, const ASN1_STRING *name)
{
	g_autofree char *text = g_utf8_make_valid((const char *)ASN1_STRING_get0_data(name), ASN1_STRING_length(name));
	g_string_append_printf(list, "%s%s", list->len ? ", " : "", text);
}

/* "a.example, b.example" */
static GString *list_names(X509 *leaf)
{
	GString *list = g_string_new(NULL);
	GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
	for (int i = 0, told = 0; i < sk_GENERAL_NAME_num(names) && told < NAMES_TOLD_MAX; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_DNS)
			continue;
		append(list, name->d.dNSName);
		told++;
	}
	GENERAL_NAMES_free(names);
	const X509_NAME *subject = X509_get_subject_name(leaf);
	int common = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	if (list->len == 0 && common >= 0)
		append(list, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, common)));
	ERR_clear_error();
	return list;
}

int certificate_age(X509 *leaf)
{
	if (X509_cmp_current_time(X509_get0_notBefore(leaf)) > 0)
		return -1;
	return X509_cmp_current_time(X509_get0_notAfter(leaf)) < 0 ? 1 : 0;
}

static void put_date(char date[11], const ASN1_TIME *time)
{
	struct tm tm = { 0 };
	if (ASN1_TIME_to_tm(time, &tm) != 1 || strftime(date, 11, "%Y-%m-%d", &tm) == 0)
		g_strlcpy(date, "no date", 11);
}

static void judge_dates(X509 *leaf, const char *file, GString *warnings)
{
	time_t soon = time(NULL) + CERTIFICATE_SOON_DAYS * (time_t)86400;
	char from[11], until[11];
	put_date(from, X509_get0_notBefore(leaf));
	put_date(until, X509_get0_notAfter(leaf));
	int age = certificate_age(leaf);
	if (age < 0)
		certificate_warn(warnings, file, "the certificate is not good before %s", from);
	else if (age > 0)
		certificate_warn(warnings, file, "the certificate was good until %s only", until);
	else if (X509_cmp_time(X509_get0_notAfter(leaf), &soon) < 0)
		certificate_warn(warnings, file, "the certificate is good until %s only, which is soon", until);
}

void certificate_judge(X509 *leaf, const char *file, const char *host, GString *warnings)
{
	judge_dates(leaf, file, warnings);
	if (certificate_is_for(leaf, host))
		return;
	GString *names = list_names(leaf);
	certificate_warn(warnings, file, "the certificate is for %s, not for %s", names->len ? names->str : "nothing",
			 host);
	g_string_free(names, TRUE);
}
