# broom's view of a result: generics::tidy() and glance() with dotted names.

#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' A result with broom's column names
#'
#' `tidy()` gives one row per comparison with dotted names (`p.value`, `conf.low`, `parameter` for the degrees of
#' freedom); [result_columns] lists them. `glance()` gives one row per result.
#'
#' @param x A result, for example of [compare_paired()].
#' @param conf.int FALSE leaves out the intervals.
#' @param conf.level Only the level that the result was computed at: an interval belongs to its test, so another level
#'   is another call, with `conf_level`.
#' @param ... Not used.
#' @return A plain data frame. `glance()`: `family`, `n.rows`, `n.tests`, `n.not.ok` (rows with a status), `method`,
#'   `p.adjust`, `conf.level`, `convention`, `seed`.
#' @section Errors:
#' `respondr_error_number` if `conf.level` is not the level of the result.
#' @examples
#' x <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat)
#' tidy(x)[c("outcome", "Treat", "estimate", "conf.low", "conf.high", "p.value")]
#' glance(x)
#' @export
tidy.respondr_result <- function(x, conf.int = TRUE, conf.level = NULL, ...) { # nolint: object_name_linter
  call <- rlang::current_call()
  check_flag(conf.int, "conf.int", call)
  level <- attr(x, "settings")$conf_level
  if (!is.null(conf.level)) {
    check_number(conf.level, "conf.level", call, 0, 1, open = TRUE)
    if (length(level) && abs(conf.level - level) > 1e-12) {
      stop_input("number", c(
        paste0("`conf.level` is ", format(conf.level), ", and the result was computed at ", format(level), "."),
        i = paste0("Compute it again with `conf_level = ", format(conf.level), "`: an interval belongs to its test.")
      ), "conf.level", call)
    }
  }
  out <- as.data.frame(x)
  if (!conf.int) {
    interval <- grepl("^(conf|effect)_(low|high|attained|level|method)", names(out)) | names(out) == "p_matches"
    out <- out[!interval]
  }
  dotted <- dictionary_value(names(out), "tidy")
  names(out)[!is.na(dotted)] <- dotted[!is.na(dotted)]
  out
}

#' @rdname tidy.respondr_result
#' @export
glance.respondr_result <- function(x, ...) {
  settings <- attr(x, "settings")
  data.frame(
    family = settings$family %||% NA_character_, n.rows = nrow(x), n.tests = sum(!is.na(x$p_value)),
    n.not.ok = sum(x$status != "ok", na.rm = TRUE), method = paste(unique(x$method), collapse = ", "),
    p.adjust = settings$p_adjust %||% "none", conf.level = settings$conf_level %||% NA_real_,
    convention = settings$convention %||% NA_character_,
    seed = if (length(settings$seed)) paste(settings$seed, collapse = " ") else NA_character_
  )
}
