#' respondr: before and after treatment
#'
#' Studies that look at patients before and after a treatment: what changed, who responded, what predicted it.
#' Start with [compare_paired()].
#'
#' @keywords internal
#' @useDynLib respondr, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom rlang abort warn
"_PACKAGE"
