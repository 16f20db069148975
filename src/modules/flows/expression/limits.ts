/** Longest template that is read, in characters. */
export const TEMPLATE_CHARS_MAX = 500_000;
/** Expressions in one template. */
export const EXPRESSIONS_MAX = 2_000;
/** Parts (operands, operators, calls) of all expressions of one template together. */
export const PARTS_MAX = 20_000;
/** Nesting of an expression; also the length of one chain such as `a + b + c`. */
export const DEPTH_MAX = 250;
/** Longest text an expression may make, in characters. */
export const TEXT_CHARS_MAX = 2_000_000;
/** Longest list an expression may make. */
export const LIST_ITEMS_MAX = 200_000;
/** Nesting of data that is written as JSON or looked through. */
export const DATA_DEPTH_MAX = 100;
/** Work of one evaluation; a unit is one part of a function of a list, one element, or 16 characters: about 30 ns. */
export const WORK_MAX = 700_000;
