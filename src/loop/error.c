/* SPDX-License-Identifier: MIT */
#include "loop/error.h"

G_DEFINE_QUARK(loop-error, loop_error)
