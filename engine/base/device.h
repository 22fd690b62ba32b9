/*
 * Is what a bank sends as the device a single one, or only its kind? Some banks send the model's name (iPhone14,5, HUAWEI
 * Mate 60), the system's (WIN10) or what everybody calls his computer (CAIWU-PC): as many firms have such a one as buy it.
 */
#ifndef BASE_DEVICE_H
#define BASE_DEVICE_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * The words of device.def and what makers number their models with, and nothing else. `vivo V2309A-953889` has a number of
 * its own, and `PC-8YEPRHR` a name. Pure, no allocation.
 */
bool device_is_kind(struct slice device);

#endif
