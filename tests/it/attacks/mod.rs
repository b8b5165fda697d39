//! Attacks: commits and pushes made to slip through the gate, to bring it down, or to write to a terminal.
//!
//! Attacks that consist of text only are cases in `tests/cases/python/commits-hiding.txt`. The tests here need more: raw
//! bytes, objects that git would not write, a server. Each was devised on purpose, or once let something through.

mod amounts;
mod commits;
mod hidden;
mod objects;
mod pushes;
