//! What paths mean, in files of a package.
