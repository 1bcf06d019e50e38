//! The program `sayso`; everything is in the library.

fn main() {}
