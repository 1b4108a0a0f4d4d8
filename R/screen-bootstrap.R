screen_bootstrap <- function(input, kept, words, seed, call) NULL
screen_bootstrap_lines <- function(boot, width) NULL
