//! What is said of a document that does not fit its schema.

use evenhand_diagnostic::codes;

codes! {
    /// Every text about a document that does not fit.
    pub static SCHEMA_CODES;

    /// The field holds another kind of thing than it can: a text where a number is needed, one value where a list is.
    WRONG_TYPE = "wrong-type": "{field} is {found}";
    /// The field has a list of allowed words, and this is none of them. `evenhand schema proposal` lists them.
    WRONG_CHOICE = "wrong-choice": "{field} is `{typed}`";
    /// There is no such field here. It may be misspelt, or belong elsewhere in the document.
    UNKNOWN_FIELD = "unknown-field": "`{name}` is not a field of {place}";
    /// The number is smaller or larger than the field allows.
    OUT_OF_RANGE = "out-of-range": "{field} is {value}";
    /// The larger number of a range stands first, so that it is not clear what was meant.
    REVERSED_RANGE = "reversed-range": "{field} runs from {from} down to {to}";
    /// The field counts whole things.
    NOT_WHOLE = "not-whole": "{field} is {value}";
    /// These numbers are parts of a whole and have to add up to it.
    WRONG_TOTAL = "wrong-total": "{fields} add up to {total}";
    /// The list has more or fewer entries than it can.
    WRONG_COUNT = "wrong-count": "{field} has {count} entries" | one "{field} has {count} entry";
    /// The text is longer or shorter than it can be.
    WRONG_LENGTH = "wrong-length": "{field} has {count} characters" | one "{field} has {count} character";
    /// Every entry of this list has to differ from the others.
    REPEATED_ENTRY = "repeated-entry": "`{what}` stands twice in {field}, as number {first} and number {second}";
    /// Codes and keys have a shape, such as three capital letters.
    WRONG_SHAPE = "wrong-shape": "{field} is `{typed}`";
    /// Dates are written year-month-day, so that nobody takes the day for the month.
    WRONG_DATE = "wrong-date": "{field} is `{typed}`";
    /// The value names something elsewhere in the document that is not there.
    UNKNOWN_REFERENCE = "unknown-reference": "{field} is `{typed}`, which is no `{target}`";
    /// The value names a field, and there is no such field.
    UNKNOWN_PATH = "unknown-path": "{field} is `{typed}`, and there is no such field";
    /// YAML takes everything after ` #` for a comment, so the text ends before it.
    CUT_BY_COMMENT = "cut-by-comment": "{field} ends before the `#`: `{rest}` was taken for a comment";
    /// Without a space after the colon, YAML takes the line for a part of the text above it.
    SWALLOWED_LINE = "swallowed-line": "{field} goes on in the next line with `{line}`, because the colon has no space after it";
    /// A number with a point and three zeros is read as a small one, and may be meant as thousands.
    POINT_OF_THOUSANDS = "point-of-thousands": "{field} is `{typed}`, which is read as {value}";

    /// The first problems are shown and the others counted.
    MORE_PROBLEMS = "more-problems": "{count} more problems are not shown" | one "{count} more problem is not shown";

    FIELD = "field": "`{path}`";
    THE_PROPOSAL = "the-proposal": "the proposal";
    A_PROPOSAL = "a-proposal": "a proposal";
    THIS_FILE = "this-file": "this file";
    FOUND_NOTHING = "found-nothing": "empty";
    FOUND_FLAG = "found-flag": "`{value}` (yes or no)";
    FOUND_NUMBER = "found-number": "the number {value}";
    FOUND_TEXT = "found-text": "the text `{text}`";
    FOUND_LIST = "found-list": "a list";
    FOUND_GROUP = "found-group": "a group of named answers";

    EXPECT_ANY = "expect-any": "a value";
    EXPECT_GROUP = "expect-group": "named answers: {fields}";
    EXPECT_LIST = "expect-list": "a list";
    EXPECT_FLAG = "expect-flag": "`true` or `false`";
    EXPECT_NUMBER = "expect-number": "a number";
    EXPECT_NUMBER_IN = "expect-number-in": "a number {range}";
    EXPECT_WHOLE = "expect-whole": "a whole number";
    EXPECT_WHOLE_IN = "expect-whole-in": "a whole number {range}";
    EXPECT_IN_UNIT = "expect-in-unit": "{what} ({unit})";
    EXPECT_TEXT = "expect-text": "text";
    EXPECT_TEXT_SUCH = "expect-text-such": "text, such as `{example}`";
    EXPECT_SHAPE = "expect-shape": "{shape}, such as `{example}`";
    EXPECT_DATE = "expect-date": "a date such as 2026-05-01";
    EXPECT_DATE_ORDER = "expect-date-order": "a date written year-month-day, such as 2026-05-01";
    EXPECT_ONE_OF = "expect-one-of": "one of {names}";
    EXPECT_ONE_OF_MANY = "expect-one-of-many": "one of {number} values";
    EXPECT_ONE_OF_MANY_SUCH = "expect-one-of-many-such": "one of {number} values, such as `{example}`";
    EXPECT_ONE_OF_NONE = "expect-one-of-none": "one of `{target}`, of which there are none";
    EXPECT_TOTAL = "expect-total": "a total of {total} (within {within})";
    EXPECT_ENTRIES = "expect-entries": "{range} entries";
    EXPECT_CHARACTERS = "expect-characters": "{range} characters";
    EXPECT_SMALLER_FIRST = "expect-smaller-first": "a range with the smaller number first";
    EXPECT_ONCE = "expect-once": "each only once";
    EXPECT_PATH = "expect-path": "a path such as `{example}`";
    BETWEEN = "between": "between {least} and {most}";
    ABOVE = "above": "above {least}";
    AT_LEAST = "at-least": "of {least} or more";
    AT_MOST = "at-most": "of {most} or less";
    ANY_SIZE = "any-size": "of any size";

    DID_YOU_MEAN_NAME = "did-you-mean-name": "did you mean `{name}`?";
    DID_YOU_MEAN_LABEL = "did-you-mean-label": "did you mean `{name}` ({label})?";
    DID_YOU_MEAN_ONE_OF = "did-you-mean-one-of": "did you mean one of {names}?";
    BELONGS_AT_TOP = "belongs-at-top": "`{name}` belongs at the top level, not inside {place}";
    SPACE_AFTER_COLON = "space-after-colon": "put a space after the colon: `{name}: {value}`";
    WRITE = "write": "write {value}";
    WRITE_PLAIN = "write-plain": "write {value} without quotes";
    WRITE_FLAG = "write-flag": "write `{value}`, without quotes";
    WRITE_QUOTED = "write-quoted": "write {value} in quotes";
    WRITE_TEXT = "write-text": "write `{value}`";
    WRITE_EITHER = "write-either": "write {one} or {other}, whichever is meant";
    WRITE_ONE_NUMBER = "write-one-number": "write one number: the one that is planned with";
    WRITE_RANGE = "write-range": "a range is written with two dots: `20..25`";
    WRITE_LIST = "write-list": "write it as a list, one entry a line after `- `";
    WRITE_LIST_SUCH = "write-list-such": "write it as a list: {value}";
    WRITE_DASHES = "write-dashes": "begin each entry with a plain `-` and a space";
    IF_PERCENT = "if-percent": "if {percent} % is meant, write {value}";
    IF_THOUSANDS = "if-thousands": "if {thousands} is meant, write {thousands}; otherwise write {value}";
    IN_UNIT = "in-unit": "give it in {unit}";
    LEAVE_OUT_UNKNOWN = "leave-out-unknown": "leave it out if it is not known yet";
    NOT_KNOWN_YET = "not-known-yet": "leave it out: not known yet";
    INVISIBLE_IN_VALUE = "invisible-in-value": "it holds an invisible character ({character}); write `{value}`";
    QUOTE_COMMENT = "quote-comment": "put the text in quotes; if a comment is meant, put a space after the `#`";
}
