# One seed a call, from R's generator, taken back when nothing was drawn.

new_seed <- function(seed, call) {
  if (!is.null(seed)) {
    if (!is.numeric(seed) || !length(seed) %in% 1:2 || anyNA(seed) || any(abs(seed) > .Machine$integer.max | seed != round(seed))) {
      stop_input("number", c(
        paste0("`seed` must be one whole number, or the two that a result stores, not ", given_value(seed), "."),
        i = "For example `seed = 1`."
      ), "seed", call)
    }
    return(list(value = rep_len(c(as.integer(seed), 0L), 2L), given = TRUE))
  }
  old <- if (exists(".Random.seed", globalenv(), inherits = FALSE)) get(".Random.seed", globalenv(), inherits = FALSE)
  value <- sample.int(.Machine$integer.max, 2L)
  list(value = value, old = old, given = FALSE)
}

restore_seed <- function(seed) {
  if (seed$given) {
    return(invisible())
  }
  if (is.null(seed$old)) {
    rm(".Random.seed", envir = globalenv())
  } else {
    assign(".Random.seed", seed$old, envir = globalenv())
  }
}

# Shows progress past two seconds, in an interactive session.
progress_hook <- function() {
  if (!interactive()) {
    return(NULL)
  }
  start <- proc.time()[["elapsed"]]
  bar <- NULL
  here <- environment()
  function(done, total) {
    if (proc.time()[["elapsed"]] - start > 2 && is.null(bar)) {
      bar <<- cli::cli_progress_bar("Comparisons", total = total, .auto_close = FALSE, .envir = here)
    }
    if (!is.null(bar)) {
      cli::cli_progress_update(set = done, id = bar, .envir = here)
      if (done >= total) cli::cli_progress_done(id = bar, .envir = here)
    }
  }
}
