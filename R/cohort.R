#' Patient rows that reproduce printed figures
#'
#' Makes synthetic patients whose counts, means, SDs, P values, correlations, F and odds ratios, computed from the rows, come out
#' as printed to every printed decimal, all at once. Rows are of nobody: what the figures do not determine is drawn anew in every
#' cohort, so that several cohorts show how much of a result the printed figures leave open.
#'
#' @details
#' 1. Patients get the levels of the categories and their missing values so that every count holds (search by exchange).
#' 2. Measurements are drawn about the printed means and SDs (normal or log-normal), the visits of a patient correlated.
#' 3. They are moved along the gradients of the figures, which for means and SDs of nested sets is the affine transformation of
#'    each set, until all figures hold (Levenberg-Marquardt, one unknown a figure).
#' 4. Rounded to the grid of the measurement, they are repaired there by a search over whole numbers with exact sums, which lowers
#'    the sum of squared distances outside the printed intervals to 0.
#'
#' A printed figure stands for the closed interval of all values that round to it, half up or half to even.
#'
#' Before the search the figures are looked through for a contradiction, by linear programming over the counts and interval
#' arithmetic over n, mean, SD, bounds and correlation of every set and of what remains of it. What is *proved* impossible stops
#' the call (`respondr_error_impossible`) with a set of figures of which the proof needs every one; the message says for which of
#' them a cohort of the others was found in fact. Where the search ends without a cohort, that is *not found*
#' (`respondr_error_not_found`) and proves nothing: the figures that the nearest cohort leaves open are named. `time_limit` is
#' time on the clock: a busy machine may need more.
#'
#' @param spec A [cohort_spec()].
#' @param n_cohorts Number of cohorts.
#' @param seed One whole number; the same seed gives the same cohorts.
#' @param time_limit Seconds for one cohort.
#' @param release Names of figures that are not to be met; they are listed with what came out instead.
#' @param threads Threads over cohorts.
#' @return A data frame of class `respondr_cohort`, one row a patient and cohort: `synthetic` (always `TRUE`), `cohort`, `id`, the
#'   categories and the measurements (`hb_0` for `hb@0`). [cohort_figures()] gives the printed beside the reproduced figures,
#'   [cohort_long()] one row a visit.
#' @references Moré (1978) \doi{10.1007/BFb0067700}; Metropolis et al. (1953) \doi{10.1063/1.1699114}.
#' @seealso [cohort_spec()]
#' @examples
#' spec <- cohort_spec(
#'   patients = 20,
#'   variables = list(hb = cohort_measure(decimals = 1, low = 3, high = 17, unit = "g/dL",
#'     visits = c(0, 12))),
#'   figures = rbind(
#'     cohort_figure("mean", c("hb@0", "hb@12"), c("7.0", "10.2")),
#'     cohort_figure("sd", c("hb@0", "hb@12"), c("1.0", "1.8"))
#'   )
#' )
#' x <- reconstruct_cohort(spec, n_cohorts = 3, seed = 1)
#' x
#' cohort_figures(x)
#' compare_paired(hb ~ visit | id, cohort_long(x), by = cohort)
#' @export
reconstruct_cohort <- function(spec, n_cohorts = 1, seed = NULL, time_limit = 60, release = character(), threads = 1) {
  call <- environment()
  if (!inherits(spec, "respondr_cohort_spec")) {
    stop_input("argument", "`spec` must be made by cohort_spec() or read by read_cohort_spec().", "spec", call)
  }
  n_cohorts <- check_whole(n_cohorts, "n_cohorts", call, 1, 1e5)
  time_limit <- check_number(time_limit, "time_limit", call, 0.01, 1e6)
  threads <- check_threads(threads, call)
  released <- check_released(release, spec, call)
  kept <- spec
  kept$figures <- spec$figures[!spec$figures$name %in% released, ]
  seed <- new_seed(seed, call)
  plan <- cohort_plan(kept, call)
  stop_if_impossible(kept, plan, seed$value, time_limit, call)
  made <- solve_plan(plan, n_cohorts, seed$value, time_limit, threads, call)
  missed <- !vapply(made, `[[`, NA, "found")
  if (any(missed)) stop_not_found(kept, plan, made[[which(missed)[1]]], call)
  build_cohort(spec, kept, plan, made, seed$value, released, call)
}

check_released <- function(release, spec, call) {
  release <- as.character(release)
  unknown <- setdiff(release, spec$figures$name)
  if (length(unknown)) {
    stop_input("word", c(paste0("`release` names ", quoted(unknown), ", which is no figure of the spec."),
      i = "The names stand in `spec$figures$name`."), "release", call)
  }
  unique(release)
}

solve_plan <- function(plan, n, seed, seconds, threads, call, attempts = 200L, moves = 400000) {
  options <- list(seed = seed, seconds = seconds, attempts = attempts, moves = moves, progress = progress_hook())
  ask_core(cohort_solve(plan$problem, options, n, threads), call)
}

# Rows of patients from the codes and grid values of the kernel.
build_cohort <- function(spec, kept, plan, made, seed, released, call) {
  world <- plan$world
  rows <- lapply(seq_along(made), function(k) cohort_rows(plan, spec$patients, made[[k]], k))
  out <- do.call(rbind, rows)
  figures <- do.call(rbind, lapply(seq_along(made), function(k) {
    data.frame(cohort = k, reproduced_figures(spec, out[out$cohort == k, ], world, plan$steps, released))
  }))
  open <- figures[!figures$met & !figures$released, ]
  if (nrow(open)) {  # the rows are judged by a second program, not by the one that made them
    abort(c(paste0("The rows found do not give back ", quoted(unique(open$name)), " when these are computed from them."),
      i = "Please report this specification; `release` leaves a figure out."), class = c("respondr_error_not_found", "respondr_error"),
      argument = "spec", call = call, figures = unique(open$name), proved = FALSE)
  }
  structure(out, class = c("respondr_cohort", "data.frame"), spec = spec, seed = seed, figures = figures, released = released,
    rows = rlang::hash(out))
}

cohort_rows <- function(plan, n, made, k) {
  world <- plan$world
  codes <- matrix(made$codes, nrow = n, byrow = TRUE)
  values <- matrix(made$values, nrow = n, byrow = TRUE)
  width <- nchar(n)
  out <- data.frame(synthetic = rep(TRUE, n), cohort = k, id = sprintf(paste0("S%0", width, "d"), seq_len(n)))
  for (j in seq_along(world$categories)) {
    name <- names(world$categories)[j]
    if (!startsWith(name, "known ")) {
      out[[name]] <- factor(world$categories[[j]][codes[, j] + 1L], levels = world$categories[[j]])
    }
  }
  for (j in seq_along(world$columns)) {
    decimals <- round(-log10(plan$steps[[j]]))
    out[[sub("@", "_", world$columns[j], fixed = TRUE)]] <- round(values[, j] * plan$steps[[j]], decimals)
  }
  out
}
