/* SPDX-License-Identifier: MIT */
#ifndef TEST_CORE_FAKES_PRIVATE_H
#define TEST_CORE_FAKES_PRIVATE_H

#include "fakes.h"

/* The two ports; the ctx of both is the fakes. */
extern const struct core_frontend fake_frontend;
extern const struct core_backend fake_backend;

const char *fake_error_name(enum core_error error);
bool fake_find_status(const char *name, enum core_status *status);
enum core_presence_type fake_find_type(const char *name);

#endif
