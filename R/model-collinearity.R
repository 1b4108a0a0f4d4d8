# How far the terms explain each other.

#' Generalised variance inflation
#'
#' How many times larger the joint confidence region of a term's coefficients is than it would be if the term did not
#' depend on the
#' others: `det R11 det R22 / det R`, R the correlation matrix of the estimates (without the intercept), parted into the
#' columns of
#' the term and all others. `scaled` is its root of order 2 df, comparable over terms and to the root of the usual factor.
#'
#' @param fit A model of [fit_logistic()] or [fit_linear()].
#' @return A data frame: `term`, `df`, `gvif`, `scaled`. NA where a coefficient of the term could not be estimated.
#' @references Fox J, Monette G (1992) \doi{10.1080/01621459.1992.10475190}.
#' @examples
#' collinearity(fit_logistic(low ~ age + lwt + factor(race), MASS::birthwt))
#' @export
collinearity <- function(fit) {
  call <- rlang::current_call()
  if (!inherits(fit, "respondr_model")) {
    stop_input("fit", "`fit` must be a model of `fit_logistic()` or `fit_linear()`.", "fit", call)
  }
  input <- fit$input
  known <- is.finite(fit$coefficients) & is.finite(diag(fit$vcov))
  at <- which(input$assign > 0L & known)
  r <- if (length(at)) stats::cov2cor(fit$vcov[at, at, drop = FALSE])
  log_det <- function(m) if (length(m)) as.numeric(determinant(m)$modulus) else 0
  rows <- lapply(seq_along(input$labels), function(k) {
    own <- input$assign[at] == k
    df <- sum(own)
    whole <- df > 0L && df == sum(input$assign == k)
    gvif <- if (whole) exp(log_det(r[own, own, drop = FALSE]) + log_det(r[!own, !own,
      drop = FALSE]) - log_det(r)) else NA_real_
    data.frame(term = input$labels[k], df = df, gvif = gvif, scaled = if (whole) gvif^(1 / (2 * df)) else NA_real_)
  })
  structure(do.call(rbind, rows) %||% data.frame(term = character(), df = integer(), gvif = numeric(), scaled = numeric()),
    class = c("respondr_collinearity", "data.frame"))
}

#' @export
print.respondr_collinearity <- function(x, ...) {
  columns <- list(table_column("term", x$term, FALSE), table_column("df", format_count(x$df)),
    table_column("GVIF", format_places(x$gvif, 2L)), table_column("GVIF^(1/(2 df))", format_places(x$scaled, 2L)))
  cli::cat_line(c(cli::style_bold("Generalised variance inflation"), "", table_lines(columns, getOption("width")),
    "1: the term does not depend on the others; the root is the factor by which its intervals widen."))
  invisible(x)
}
