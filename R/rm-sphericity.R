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
    seen <- integer()
    for (one in solved[[g]]$calls) {
      frames <- c(frames, list(mauchly_rows(one, g), if (!all(one$outcomes %in% seen)) covariance_rows(one, g)))
      seen <- c(seen, one$outcomes)
    }
  }
  out <- bind_columns(frames)
  out <- lapply(out, `[`, order(out$outcome, out$g))
  n <- length(out$outcome)
  terms <- unique(c(setdiff(rm_term_parts(input)$within, ""), "all visits"))
  columns <- list(outcome = enumerated(names(input$outcomes), out$outcome))
  for (b in names(input$by)) columns[[b]] <- input$by[[b]][out$g]
  c(columns, list(
    term = factor(out$term, levels = terms), method = factor(out$method, c("mauchly", "compound_symmetry", "box_m")),
    n = out$n, estimate = rep(NA_real_, n), statistic = out$statistic, df = out$df, p_value = out$p_value,
    status = status_factor(out$status)
  ))
}

# One row for each within term of more than one contrast; the core repeats it for every term between patients.
mauchly_rows <- function(one, g) {
  raw <- one$tests
  keep <- which(raw$between == 0L & vapply(one$design$within, ncol, 0L)[raw$within] > 1L)
  raw <- lapply(raw, `[`, keep)
  frame_of(raw$outcome, g, one$design$sets[raw$within], "mauchly", raw$n, raw$mauchly_w, raw$mauchly_df, raw$mauchly_p,
    raw$status_sphericity)
}

covariance_rows <- function(one, g) {
  raw <- one$problems
  bind_columns(list(
    frame_of(raw$outcome, g, "all visits", "compound_symmetry", raw$n, raw$symmetry_chisq, raw$symmetry_df, raw$symmetry_p,
      raw$status_symmetry),
    if (length(unique(one$design$between_cell)) > 1L) {
      frame_of(raw$outcome, g, "all visits", "box_m", raw$n, raw$box_m, raw$box_df, raw$box_p_chisq, raw$status_box)
    }
  ))
}

frame_of <- function(outcome, g, term, method, n, statistic, df, p, status) {
  k <- length(outcome)
  list(outcome = outcome, g = rep(g, k), term = rep_len(term, k), method = rep(method, k), n = as.integer(n),
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
