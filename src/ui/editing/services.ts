// What the editing features compute with and the sentences they say: one bundle of its own, read at
// the first completion, hover or other question (`services()` in loadServices.ts). Features add the
// pure functions and texts they need to this list; it is no door for anybody else.

export {};
