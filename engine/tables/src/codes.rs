//! What is said of a workbook that cannot be read, or not in whole.

use evenhand_diagnostic::codes;

codes! {
    /// Every text about a workbook.
    pub static WORKBOOK_CODES;

    /// A workbook is an archive of XML files (XLSX), and this file is not one.
    NO_WORKBOOK = "no-workbook": "the file is no workbook that can be read: {why}";
    /// Workbooks with a password, and those of before 2007, are kept in another form.
    OLD_OR_LOCKED = "old-or-locked": "the file has a password, or is a workbook of before 2007 (XLS)";
    /// Spreadsheets of LibreOffice, Google or Apple are saved as XLSX for others to read.
    OTHER_SPREADSHEET = "other-spreadsheet": "the file is a spreadsheet of another form ({form})";
    /// A program inside a file is never run, and a file with one is not taken.
    HAS_MACROS = "has-macros": "the workbook has macros, and a proposal needs none";
    /// An entity of XML can stand for more than a computer can hold.
    XML_ENTITY = "xml-entity": "the workbook defines or uses XML entities (in {part}), which no spreadsheet program writes";
    /// A part of the workbook breaks off, or is not XML.
    BROKEN_PART = "broken-part": "the workbook is damaged: {part} cannot be read ({why})";
    /// A workbook lists its sheets, and each of them is a file in the archive.
    MISSING_PART = "missing-part": "the workbook is damaged: {part} is missing";
    /// What a workbook may unpack to is bounded, so that a small file cannot fill the memory.
    TOO_LARGE = "too-large": "the workbook is too large: it unpacks to more than {most} MiB";
    /// A file may only have so many MiB, since all of it is read at once.
    LARGE_FILE = "large-file": "the file has more than {most} MiB";
    /// The number of filled cells is bounded, so that a small file cannot fill the memory.
    TOO_MANY_CELLS = "too-many-cells": "the workbook has more than {most} filled cells";
    /// The number of sheets is bounded, so that a small file cannot fill the memory.
    TOO_MANY_SHEETS = "too-many-sheets": "the workbook has more than {most} sheets";
    /// The number of files in the archive is bounded, so that a small one cannot take for ever to read.
    TOO_MANY_PARTS = "too-many-parts": "the archive has more than {most} files";
    /// The length of all answers together is bounded, so that a small file cannot fill the memory.
    TOO_MUCH_TEXT = "too-much-text": "the answers are longer than {most} MiB together";

    /// None of the sheets has the names of fields, by which answers are recognised.
    NO_FORM = "no-form": "no sheet of the workbook is a form of this kind";
    /// The questions of `evenhand ask` are no proposal, though they name its fields.
    A_QUESTIONNAIRE = "a-questionnaire": "the workbook is a questionnaire with answers, and no proposal";
    /// What makes a workbook a questionnaire stands on its hidden sheet, which was deleted, or never was there.
    NO_QUESTIONNAIRE = "no-questionnaire": "the workbook is not a questionnaire as `evenhand ask` writes it";
    /// The headings over the answers and over the names of fields show where the questions are.
    NO_QUESTIONS = "no-questions": "no sheet of the workbook has the headings of the questionnaire";
    /// The name in the last column tells which question is answered.
    UNKNOWN_QUESTION = "unknown-question": "`{name}` is not a question of this questionnaire";
    /// The cell shows an error of the spreadsheet, such as a division by zero.
    CELL_FAULT = "cell-fault": "the cell shows the error `{fault}`";
    /// The program that wrote the file left the formula for others to compute.
    NOT_COMPUTED = "not-computed": "the cell has a formula that was never computed";
    /// The value comes from another file, which nobody who gets this one can look into.
    FROM_ELSEWHERE = "from-elsewhere": "the cell takes its value from another file";
    /// Spreadsheets make a date of what looks like one, such as 5-6 or 1/2.
    DATE_FOR_NUMBER = "date-for-number": "{field} is the date {date}, into which the spreadsheet may have turned what was typed";
    /// A day before the calendar of the workbook begins, or one that never was.
    NO_DATE = "no-date": "{field} is the number {value} shown as a date, and there is no such day";
    /// Only text in brackets is read as several values, and these brackets do not close.
    BROKEN_BRACKETS = "broken-brackets": "{field} begins with a bracket or a quote and is no list or group as JSON writes it";
    /// An answer is asked once; a second row for it is not more of it.
    ANSWERED_TWICE = "answered-twice": "{field} is answered twice: here and in {other}";
    /// Either the list is empty, or it has rows.
    NONE_AND_SOME = "none-and-some": "the list is marked as empty here, and has entries besides";
    /// A row belongs to a row of another sheet, by the number in its first column.
    NO_PARENT = "no-parent": "the row does not say to which row of `{list}` it belongs";
    /// A row belongs to a row of another sheet, and the number in its first column is none of that sheet's.
    UNKNOWN_PARENT = "unknown-parent": "the row belongs to row {number} of `{list}`, and there is none";

    /// A workbook is written anew with the changed answers. Only a form keeps its layout in that.
    NO_COPY = "no-copy": "the workbook cannot be written with changes: it was not begun with evenhand init, and its layout would be lost";
    /// A workbook with changed answers is written anew, and what a person has added to it is not written again.
    COPY_LOSES = "copy-loses": "the workbook cannot be written with changes: a copy would lose `{what}`";
    /// A workbook with changed answers is written anew, with the values and not with the formulas.
    COPY_LOSES_FORMULA = "copy-loses-formula": "the workbook cannot be written with changes: a copy would lose the formula in this cell";
    /// Cells hold single values, lists and rows; some answers are none of these.
    NO_CELL = "no-cell": "the workbook cannot be written: no cell can hold {field} as it is";

    /// Sheets that a person adds are theirs; their cells are no answers.
    EXTRA_SHEET = "extra-sheet": "the sheet `{sheet}` is not part of the form, and is not read";
    /// The name of a field stands in the row above the answers; this column has none.
    EXTRA_COLUMN = "extra-column": "the column has no name of a field, and is not read";
    /// The name of a field stands in the column beside the answers; this row has none.
    EXTRA_ROW = "extra-row": "the row has no name of a field, and its answer is not read";

    /// The name in the row of names is none of a field of this list.
    UNKNOWN_COLUMN = "unknown-column": "`{name}` is not a field of this list, and the column is not read";
    /// The first problems are shown and the others counted.
    MORE_PROBLEMS = "more-problems-of-a-workbook": "{count} more problems are not shown" | one "{count} more problem is not shown";

    FIELD_NAME = "field-name": "`{path}`";
    SAVE_AS_XLSX = "save-as-xlsx": "save it as an Excel workbook (.xlsx), without a password and without macros";
    SAVE_AGAIN = "save-again": "open it in a spreadsheet program and save it again";
    KEEP_THE_FORM = "keep-the-form": "begin again with evenhand init --xlsx, or bring the column with the names of fields back";
    MERGE_IT = "merge-it": "bring the answers into the proposal with evenhand merge PROPOSAL ANSWERS";
    ASK_AGAIN = "ask-again": "ask again with evenhand ask --format xlsx, and keep headings, names and hidden sheet as they are";
    RESTORE_THE_NAME = "restore-the-name": "bring the small grey name back that stood there";
    WRITE_THE_VALUE = "write-the-value": "write the value itself into the cell";
    WRITE_THE_NUMBER = "write-the-number": "write the number again, with the cell formatted as a number";
    LEAVE_OUT = "leave-out": "leave out what the rules do not ask for";
    KEEP_ONE = "keep-one": "keep one of the two";
    CHOOSE_ONE = "choose-one": "delete the mark, or the other entries";
    THE_NUMBER_THERE = "the-number-there": "the number that stands before that row, such as 1";
}
