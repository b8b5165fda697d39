//! Attacks: commits and pushes made to slip through the gate, to bring it down, or to write to a terminal.
//!
//! An attack that is a text alone is a case: `tests/cases/python/commits-hiding.txt`. Here stand those that need more: bytes,
//! objects that git would not make, a server. Each was found by thinking of one, or let something through once.

mod amounts;
mod commits;
mod hidden;
mod objects;
mod pushes;
