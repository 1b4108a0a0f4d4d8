# Tests of the covariance of the visits.

#' Sphericity, compound symmetry, equal covariances
#'
#' What the tests of an ANOVA assume of the covariance of the visits, one row a test:
#' * `"mauchly"`: sphericity of the contrasts of each within term of two or more degrees of freedom (Mauchly 1940). The
#'   statistic is W; p by the chi-square with Box's factor and the second term of its expansion, as R prints it.
#' * `"compound_symmetry"`: likelihood ratio of equal variances and equal covariances of all visits (Box 1949).
#' * `"box_m"`: equality of the covariance matrices of the groups (Box 1949); the statistic is M, p from its chi-square.
#'
#' Where the patients are too few for a test its row has a status. These tests do not choose a method: the corrected tests
#' are always given.
#'
#' @param x A result of [rm_anova()].
#' @return A data frame of class `respondr_rm_sphericity`: `term`, `method`, `n`, `statistic`, `df`, `p_value`, `status`.
#' @references Mauchly JW (1940) \doi{10.1214/aoms/1177731915}. Box GEP (1949) \doi{10.1093/biomet/36.3-4.317}.
#' @examples
#' long <- data.frame(
#'   id = rep(1:6, 3), month = rep(c(0, 3, 12), each = 6),
#'   hb = c(7.1, 8.0, 6.9, 7.4, 8.2, 7.7, 9.3, 8.9, 7.8, 9.6, 9.9, 7.6, 9.0, 9.1, 8.8, 9.9, 9.3, 8.5)
#' )
#' rm_sphericity(rm_anova(hb ~ month | id, long))
#' @export
rm_sphericity <- function(x) {
  call <- rlang::current_call()
  settings <- if (is.data.frame(x)) attr(x, "settings")
  if (!inherits(x, "respondr_rm_anova") || is.null(settings$sphericity)) {
    stop_input("x", "`x` must be a result of `rm_anova()`.", "x", call)
  }
  build_result(settings$sphericity, class = "respondr_rm_sphericity", settings = list(
    family = "rm_anova", by = settings$by, title = "Covariance of the visits", p_adjust = "none", scale = "difference",
    kind = settings$kind
  ), input = attr(x, "input"), call = call)
}

sphericity_rows <- function(solved, input) {
  frames <- list()
  for (g in seq_along(solved)) {
    frames <- c(frames, lapply(solved[[g]]$calls, sphericity_call, g))
    frames <- c(frames, list(covariance_call(solved[[g]]$calls[[1]], g)))
    for (one in solved[[g]]$calls[-1]) {
      if (!all(one$outcomes %in% solved[[g]]$calls[[1]]$outcomes)) frames <- c(frames, list(covariance_call(one, g)))
    }
  }
  out <- do.call(rbind, frames)
  out <- unique(out)
  out <- out[order(out$outcome, out$g), , drop = FALSE]
  terms <- unique(c(setdiff(rm_term_parts(input)$within, ""), "all visits"))
  columns <- list(outcome = enumerated(names(input$outcomes), out$outcome))
  for (b in names(input$by)) columns[[b]] <- input$by[[b]][out$g]
  c(columns, list(
    term = factor(out$term, levels = terms), method = factor(out$method, c("mauchly", "compound_symmetry", "box_m")),
    n = out$n, estimate = rep(NA_real_, nrow(out)), statistic = out$statistic, df = out$df, p_value = out$p_value,
    status = status_factor(out$status)
  ))
}

sphericity_call <- function(one, g) {
  raw <- one$raw$sphericity
  set <- one$design$sets[raw$within]
  n <- one$raw$rows$n[match(raw$outcome, one$raw$rows$outcome)]
  several <- vapply(one$design$within, ncol, 0L)[raw$within] > 1L
  keep <- which(several)
  frame_of(raw$outcome, g, set, "mauchly", n, raw$w, raw$df, raw$p, raw$status)[keep, , drop = FALSE]
}

covariance_call <- function(one, g) {
  raw <- one$raw$covariance
  n <- one$raw$rows$n[match(raw$outcome, one$raw$rows$outcome)]
  groups <- one$design$groups > 1L
  rbind(
    frame_of(raw$outcome, g, "all visits", "compound_symmetry", n, raw$chi_square, raw$df, raw$p, raw$status),
    if (groups) frame_of(raw$outcome, g, "all visits", "box_m", n, raw$m, raw$m_df, raw$m_p, raw$m_status)
  )
}

frame_of <- function(outcome, g, term, method, n, statistic, df, p, status) {
  k <- length(outcome)
  data.frame(outcome = outcome, g = rep(g, k), term = rep_len(term, k), method = rep(method, k), n = as.integer(n),
    statistic = statistic, df = df, p_value = p, status = status)
}

# Mauchly's test of a single problem, for the print.
sphericity_line <- function(rows) {
  at <- which(rows$method == "mauchly")
  if (!length(at) || length(unique(rows$outcome)) > 1L || any(lengths(rows) != lengths(rows)[1]) || length(at) > 4L) {
    return(NULL)
  }
  known <- !is.na(rows$p_value[at])
  paste0("Mauchly's test of sphericity: ", paste0(rows$term[at], ifelse(known,
    paste0(" W = ", format_places(rows$statistic[at], 3L), ", p = ", format_p(rows$p_value[at])),
    paste0(" none (", rows$status[at], ")")), collapse = "; "))
}
