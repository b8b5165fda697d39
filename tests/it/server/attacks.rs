//! Pushes that should slip through, each found by thinking of one.

use super::*;
