//! Tables in and out: workbooks, and plugins without code.

pub mod book;
pub mod codes;
pub mod form;
pub mod ooxml;
mod read;
mod register;
pub mod workbook;

pub use read::{Rows, read};
pub use register::{Register, expand};
