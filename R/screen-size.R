#' Patients that a prediction model needs
#'
#' The criteria of Riley and colleagues for the development of a model: little shrinkage, little optimism, and a precise
#' overall risk (binary response), or a precise residual variance and mean (continuous response). The largest is the size.
#'
#' @section Formulas:
#' P parameters (not variables: a factor of three levels has two), `r2` the Cox-Snell R2 that the model is expected to
#' reach (continuous: the adjusted R2). Binary, prevalence f, max R2 = 1 - (f^f (1 - f)^(1 - f))^2:
#' \itemize{
#' \item shrinkage: n = P / ((S - 1) log(1 - r2 / S)), S = `shrinkage`;
#' \item optimism: the same with S = r2 / (r2 + `optimism` max R2);
#' \item risk: n = (1.96 / `margin`)^2 f (1 - f).
#' }
#' Continuous: shrinkage 1 + (P - 2) / (n log(1 - (r2 (n - P - 1) + P) / (n - 1))) of at least S; optimism
#' n = 1 + P (1 - r2) / `optimism`; residual variance n = 234 + P; mean within 10 percent (t interval). The numbers are those of
#' the pmsampsize package, except the mean of a continuous response, which that package does not search beyond the first three
#' criteria.
#'
#' @param parameters Parameters of the model without the intercept.
#' @param prevalence Share of patients with the event; `NULL` for a continuous response.
#' @param r2 Expected Cox-Snell (binary) or adjusted (continuous) R2.
#' @param nagelkerke Expected share of the largest possible Cox-Snell R2, in place of `r2`; 0.15 is what Riley et al. (2020)
#'   suggest where nothing is known.
#' @param shrinkage,optimism,margin Uniform shrinkage wanted at least; optimism in R2 and error of the overall risk allowed.
#' @param mean,sd Of a continuous response; needed for the last criterion only.
#' @param ... Must be empty.
#' @return A data frame of class `respondr_sample_size`, one row a criterion and the last the size wanted: `criterion`, `n`,
#'   `shrinkage` expected at that n, `events`, `events_per_parameter` (continuous: `patients_per_parameter`).
#' @section Errors:
#' `respondr_error_number` where a number lies outside its range, `r2` at or above what is possible at this prevalence.
#' @references Riley RD et al. (2019) \doi{10.1002/sim.7992} (binary) and \doi{10.1002/sim.7993} (continuous). Riley RD et al.
#'   (2020) \doi{10.1136/bmj.m441}.
#' @examples
#' predictor_sample_size(24, prevalence = 0.174, r2 = 0.288)
#' predictor_sample_size(8, prevalence = 41 / 62)
#' predictor_sample_size(25, r2 = 0.2, mean = 1.9, sd = 0.6)
#' @export
predictor_sample_size <- function(parameters, prevalence = NULL, ..., r2 = NULL, nagelkerke = if (is.null(r2)) 0.15,
                                  shrinkage = 0.9, optimism = 0.05, margin = 0.05, mean = NULL, sd = NULL) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  parameters <- check_whole(parameters, "parameters", call, 1, 1e6)
  shrinkage <- check_number(shrinkage, "shrinkage", call, 0, 1, open = TRUE)
  optimism <- check_number(optimism, "optimism", call, 0, 1, open = TRUE)
  margin <- check_number(margin, "margin", call, 0, 1, open = TRUE)
  binary <- !is.null(prevalence)
  if (binary) {
    prevalence <- check_number(prevalence, "prevalence", call, 0, 1, open = TRUE)
    highest <- screen_sizes(1, prevalence, 0.01, shrinkage, optimism, margin, NA_real_, NA_real_)$max_r2
    if (is.null(r2)) r2 <- check_number(nagelkerke, "nagelkerke", call, 0, 1, open = TRUE) * highest
  } else if (is.null(r2)) {
    stop_input("argument", c("A continuous response needs `r2`, the adjusted R2 expected.",
      i = "For a binary response give `prevalence`."), "r2", call)
  }
  r2 <- check_number(r2, "r2", call, 0, min(shrinkage, if (binary) highest else 1), open = TRUE)
  if (!is.null(mean)) mean <- check_number(mean, "mean", call)
  if (!is.null(sd)) sd <- check_number(sd, "sd", call, 0)
  sizes <- ask_core(screen_sizes(parameters, prevalence %||% NaN, r2, shrinkage, optimism, margin, mean %||% NA_real_,
    sd %||% NA_real_), call)
  sample_size_table(sizes, parameters, prevalence, r2, shrinkage, binary)
}

sample_size_table <- function(sizes, parameters, prevalence, r2, shrinkage, binary) {
  names <- if (binary) c("shrinkage", "optimism", "risk") else c("shrinkage", "optimism", "variance", "mean")
  n <- unlist(sizes[names])
  n <- n[!is.na(n)]
  n <- c(n, final = max(n))
  events <- if (binary) n * prevalence
  expected <- if (binary) c(shrinkage, sizes$shrinkage_of_optimism, rep(max(shrinkage, sizes$shrinkage_of_optimism), 2))
  out <- data.frame(criterion = names(n), n = unname(n))
  if (binary) {
    out$shrinkage <- expected
    out$events <- unname(events)
    out$events_per_parameter <- out$events / parameters
  } else {
    out$patients_per_parameter <- out$n / parameters
  }
  structure(out, class = c("respondr_sample_size", "data.frame"), parameters = parameters, prevalence = prevalence, r2 = r2,
    max_r2 = sizes$max_r2)
}

#' @export
print.respondr_sample_size <- function(x, ...) {
  cli::cat_line(format(x, ...))
  invisible(x)
}

#' @export
format.respondr_sample_size <- function(x, ..., width = getOption("width")) {
  words <- c(shrinkage = "little shrinkage", optimism = "little optimism", risk = "precise overall risk",
    variance = "precise residual variance", mean = "precise mean", final = "all of these")
  binary <- !is.null(attr(x, "prevalence"))
  columns <- list(
    table_column("criterion", words[x$criterion], FALSE), table_column("patients", format_count(x$n)),
    if (binary) table_column("events", format_count(ceiling(x$events))),
    table_column(if (binary) "events/parameter" else "patients/parameter",
      formatC(if (binary) x$events_per_parameter else x$patients_per_parameter, digits = 1, format = "f"))
  )
  r2 <- attr(x, "r2")
  c(wrapped(c(
    paste0("Patients needed by a model of ", attr(x, "parameters"), " parameter", if (attr(x, "parameters") != 1L) "s"),
    paste0(if (binary) paste0("prevalence ", format(round(attr(x, "prevalence"), 3)), ", Cox-Snell R2 ") else "adjusted R2 ",
      format(round(r2, 3)), if (binary) paste0(" (", round(100 * r2 / attr(x, "max_r2")), " % of the largest possible)"))
  ), width), "", table_lines(columns[lengths(columns) > 0L], width))
}
