# Rows of power by simulated trials. The places of words are those of inst/include/respondr/power.

power_shapes <- c("normal", "uniform", "logistic", "laplace", "lognormal", "t5")
power_paired_tests <- c("t", "signed_rank", "sign")
power_groups_tests <- c("student", "welch", "mann_whitney")

# What a simulation needs beside its design: how values are measured, how many trials, which random numbers.
power_trial_words <- function(shape, decimals, trials, seed, threads, call) {
  list(shape = match(check_word(shape, power_shapes, "shape", call), power_shapes) - 1L,
    decimals = if (is.null(decimals)) -1L else check_whole(decimals, "decimals", call, 0, 9),
    trials = check_whole(trials, "trials", call, 100, 1e7), seed = new_seed(seed, call),
    threads = check_whole(threads, "threads", call, 1, 1024))
}

# The one of the three that is left out, after checks.
power_asked <- function(three, numbers, dropout, call, least = 2, most = 1e5, effect = "effect") {
  asked <- names(three)[vapply(three, is.null, NA)]
  if (length(asked) != 1L) {
    stop_input("argument", c(paste0("Of `n`, `", effect, "` and `power` exactly one is left out."),
      i = paste0(length(asked), " of the three are missing.")), "n", call)
  }
  if (!is.null(three$power)) check_within(three$power, "power", call, 0, 1, open = TRUE)
  if (!is.null(three$n)) {
    check_within(three$n, "n", call, least, most, open = FALSE)
    if (any(three$n != round(three$n))) stop_input("number", "`n` must be whole numbers.", "n", call)
  }
  if (!is.null(three$effect)) check_within(three$effect, effect, call, -1e300, 1e300, open = FALSE)
  check_within(numbers$alpha, "alpha", call, 0, 1, open = TRUE)
  if (length(check_within(dropout, "dropout", call, 0, 0.999, open = FALSE)) != 1L) {
    stop_input("number", "`dropout` must be one number.", "dropout", call)
  }
  asked
}

# core(input) answers all tests for vectors of n, effect and power and one set of the other numbers. arms: multiplies n, or
# "ratio" where the second arm is `ratio` times the first.
power_simulated <- function(core, tests, codes, three, numbers, design, words, alternative, dropout, call, arms = 1, effect = "effect") {
  asked <- power_asked(three, numbers, dropout, call, effect = effect)
  if (alternative != "two.sided" && any(numbers$alpha >= 0.5)) {
    stop_input("number", "`alpha` of a one-sided test must be below 0.5.", "alpha", call)
  }
  three[[asked]] <- NA_real_
  grid <- expand.grid(three[c("n", "effect", "power")], KEEP.OUT.ATTRS = FALSE)
  other <- expand.grid(numbers, KEEP.OUT.ATTRS = FALSE)
  parts <- lapply(seq_len(nrow(other)), function(i) {
    one <- as.list(other[i, , drop = FALSE])
    input <- c(lapply(grid, as.double), lapply(one, as.double), design, list(tests = codes, trials = words$trials,
      seed = words$seed$value, threads = words$threads, alternative = match(alternative, power_alternatives) - 1L,
      shape = words$shape, decimals = words$decimals, progress = progress_hook()))
    answer <- ask_core(core(input), call)
    two <- identical(arms, "ratio")
    level <- if (two) ceiling(answer$n * one$ratio - 1e-9) else rep(NA_real_, length(answer$n))
    total <- if (two) answer$n + level else answer$n * arms
    rows <- length(answer$n)
    quick_frame(c(list(test = rep(tests, nrow(grid)), alternative = rep(alternative, rows), alpha = rep(one$alpha, rows),
      sd = rep(one$sd %||% NA_real_, rows), sd_level = rep(if (two) one$sd_level else NA_real_, rows),
      r = rep(NA_real_, rows), ratio = rep(if (two) one$ratio else NA_real_, rows), null_value = rep(one$null %||% NA_real_, rows)),
      lapply(one[setdiff(names(one), c("alpha", "sd", "sd_level", "null", "ratio"))], rep, rows), list(effect = answer$effect,
      n = answer$n, n_level = level, n_total = total, n_enrolled = if (two) with_dropout(answer$n, dropout) + with_dropout(level, dropout) else
        arms * with_dropout(answer$n, dropout),
      power = answer$power, power_target = rep(grid$power, each = length(tests)), conf_low = answer$conf_low, conf_high = answer$conf_high,
      trials = ifelse(answer$simulated, words$trials, NA_integer_), size = rep(NA_real_, rows), asked = rep(asked, rows),
      status = factor(status_table$word[answer$status + 1L], levels = status_table$word))))
  })
  out <- if (length(parts) > 1L) do.call(rbind, parts) else parts[[1L]]
  if (length(tests) > 1L) out <- out[order(match(out$test, tests)), ]
  rownames(out) <- NULL
  simulated <- !all(is.na(out$trials))
  if (!simulated) restore_seed(words$seed)
  structure(out, class = c("respondr_power", "data.frame"), settings = list(dropout = dropout, smallest = "all",
    margin = c(NA_real_, NA_real_), unit = "patients", shape = power_shapes[words$shape + 1L],
    decimals = if (words$decimals >= 0L) words$decimals, seed = if (simulated) words$seed$value))
}

# What was simulated and how far the trials leave the power open: under the table.
power_trial_lines <- function(x) {
  settings <- attr(x, "settings")
  if (is.null(x$trials) || all(is.na(x$trials))) {
    return(NULL)
  }
  word <- if (identical(settings$decimals, 1L)) "decimal" else "decimals"
  places <- if (!is.null(settings$decimals)) paste(" rounded to", settings$decimals, word)
  values <- if (!is.null(settings$shape)) paste0(settings$shape, " values", places)
  paste0(format(max(x$trials, na.rm = TRUE), big.mark = ","), " simulated trials",
    if (!is.null(values)) paste(" of", values), "; conf_low and conf_high hold the power with 95 % confidence. Seed ",
    paste(settings$seed, collapse = ", "), ".")
}
