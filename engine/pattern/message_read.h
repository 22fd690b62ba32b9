/*
 * Reading messages/ into a catalogue.
 */
#ifndef PATTERN_MESSAGE_READ_H
#define PATTERN_MESSAGE_READ_H

#include "pattern/catalogue.h"
#include "pattern/faults.h"

/*
 * Every .yaml of `dir`/messages by name; texts into `arena`, which must live as long as the catalogue, whose
 * typologies must be there already. A missing folder is one without messages. What is wrong goes to `faults`.
 */
void messages_read(const char *dir, struct catalogue *catalogue, struct arena *arena, struct faults *faults);

/*
 * As catalogue_load(), but what is wrong in messages/ goes to `faults`, and the rest of the catalogue is there all
 * the same (catalogue.c).
 */
int catalogue_read(const char *dir, struct faults *faults, struct catalogue **catalogue_r, struct error *error);

#endif
