/* SPDX-License-Identifier: MIT */
#ifndef TEST_ADMIN_SCENE_H
#define TEST_ADMIN_SCENE_H

#include "../core/fakes.h"

#include "admin/admin.h"

/* An engine of commands over a core with fake sides, and with a host that has two backends. */
struct scene {
	struct fakes *fakes;
	struct admin *admin;
	bool reloads;    /* whether a reload succeeds */
	bool idle;       /* the backends have no users */
	GString *opened; /* rooms that were opened, one a line */
	char *answer;    /* the newest */
	bool answered, failed, unknown;
};

#define BOSS "boss@localhost/x"

/* Overrides as for fakes_new(); boss@localhost is an administrator. */
struct scene *scene_new(const char *const *overrides);
/* USER is registered as "user", logged in as USER/a. */
struct scene *scene_start(void);
void scene_end(struct scene *scene);

/* Asks and waits. `from` NULL: through the door of administrators. The answer stays until the next. */
const char *ask(struct scene *scene, const char *from, const char *line);
const char *run(struct scene *scene, const char *from, const struct admin_call *call);
const char *scene_welcome(struct scene *scene, const char *who);
#define expect_answer(scene, from, line, text) assert_string_equal(ask(scene, from, line), text)

#endif
