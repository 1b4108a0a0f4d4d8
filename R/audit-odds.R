# A ratio or difference, its interval and its P against each other.

#' An estimate, its interval and its P against each other
#'
#' A Wald interval fixes everything: with a and b the limits on the scale where it is symmetric (the logarithm of an odds,
#' risk or
#' hazard ratio, the number itself of a difference), z the normal quantile of the level, the estimate is (a + b) / 2, its
#' standard error
#' (b - a) / (2 z), and P = 2 Phi(-|estimate - null| / SE) (Altman and Bland 2011, \doi{10.1136/bmj.d2090}). The printed
#' limits are intervals of
#' numbers: the range of P is taken over all limits that print so and whose middle prints as the estimate, and is exact.
#'
#' Two checks a row: is the estimate the middle of its interval, and does P come back. An estimate that is not in the
#' middle may
#' have an interval of another kind (profile likelihood, exact): the verdict is then about the Wald interval. Where P fails,
#' intervals of another level are tried and named. An estimate outside its own interval is impossible, whatever the interval.
#'
#' The interval of a regression coefficient is a t interval on the degrees of freedom of the residual. Give them as `df`;
#' where they are not known (`NA`, which `scale = "identity"` takes unless told), a P that the normal quantile does not give
#' but some t quantile does cannot be judged.
#'
#' @param estimate,low,high Printed estimates and limits as text; see [printed()]. `estimate` may be `NA`.
#' @param p Printed P values, or `NA`.
#' @param scale `"log"` for ratios, `"identity"` for differences and regression coefficients.
#' @param null Value of no effect; 1 for ratios, 0 for differences.
#' @param conf_level Level of the printed interval.
#' @param df Degrees of freedom of the interval and P: `Inf` for Wald's, `NA` where not known; one or one a row.
#' @param alternative `"two.sided"`, or the side of a one-sided P: the estimate `"less"` or `"greater"` than `null`.
#' @param item Names of the rows.
#' @param decimals Decimals where figures are numeric.
#' @return An audit with rows `"middle of the interval"` and `"P"` for each estimate.
#' @examples
#' # Odds ratio of a percentage point of HbF (Yang et al. 2020)
#' audit_odds("1.111", "1.006", "1.226", "0.038")
#' @export
audit_odds <- function(estimate, low, high, p = NA_character_, scale = c("log", "identity"), null = NULL, conf_level = 0.95,
                       df = if (scale[1] == "identity") NA else Inf, alternative = "two.sided", item = NULL,
                       decimals = NULL) {
  call <- sys.call()
  alternative <- check_side(alternative, call)
  scale <- check_word(if (length(scale) > 1L) scale[1] else scale, c("log", "identity"), "scale", call)
  least <- if (scale == "log") 0 else -Inf
  figures <- list(estimate = read_printed(estimate, decimals, least, Inf, "estimate", call),
    low = read_printed(low, decimals, least, Inf, "low", call), high = read_printed(high, decimals, least, Inf, "high",
      call),
    p = read_printed(p, decimals, 0, 1, "p", call))
  rows <- max(lengths(figures))
  for (name in names(figures)) check_one_each(figures[[name]], rows, name, "estimate", call)
  figures <- lapply(figures, rep_len_printed, rows)
  level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  null <- check_number(null %||% as.double(scale == "log"), "null", call)
  if (scale == "log" && null <= 0) stop_input("number", "`null` of a ratio must be above 0.", "null", call)
  item <- audit_labels(item, names(estimate), rows, "estimate", call)
  if (!(is.numeric(df) || is.logical(df)) || any(df <= 0, na.rm = TRUE)) {
    stop_input("number", "`df` must be positive, Inf, or NA where not known.", "df", call)
  }
  check_one_each(df, rows, "df", "estimate", call)
  df <- rep_len(as.double(df), rows)
  turn <- if (scale == "log") log else identity
  solve <- function(level) ask_core(audit_odds_solve(figure_box(figures$estimate, turn), figure_box(figures$low, turn),
    figure_box(figures$high, turn), turn(null), rep(level, rows)), call)
  side <- function(s) {
    known <- !is.na(df)
    s[c("p_low", "p_value", "p_high")] <- lapply(s[c("p_low", "p_value", "p_high")], function(p) {
      replace(p, known, t_for_z(p, level, df)[known])
    })
    d <- list(low = s$middle_low - turn(null), value = s$middle - turn(null), high = s$middle_high - turn(null))
    s$p <- s$p_value
    s <- one_sided(s, d, alternative)
    s$p_value <- s$p
    s
  }
  solved <- side(solve(level))
  other <- lapply(stats::setNames(nm = setdiff(c(0.9, 0.95, 0.99), level)), function(other) side(solve(other)))
  back <- if (scale == "log") exp else identity
  do.call(rbind, lapply(seq_len(rows), function(i) {
    audit_odds_rows(lapply(solved, `[`, i), lapply(other, function(s) lapply(s, `[`, i)), lapply(figures, `[`, i), item[i],
      level, back, alternative, df[i])
  }))
}

# P of the same estimate and interval, read as a t interval.
t_for_z <- function(p, level, df) {
  ratio <- stats::qnorm(p / 2, lower.tail = FALSE) / stats::qnorm(0.5 + level / 2)
  ifelse(is.infinite(df), p, 2 * stats::pt(-ratio * stats::qt(0.5 + level / 2, df), df))
}

# Degrees of freedom under which a P that the normal quantile does not give comes back.
df_that_fit <- function(s, p, level, alternative) {
  df <- c(seq_len(200), 250, 300, 400, 500, 1000)
  low <- t_for_z(s$two_low, level, df)
  high <- t_for_z(s$two_high, level, df)
  if (alternative != "two.sided") {
    away <- s$p_value > 0.5
    ends <- list(if (away) 1 - high / 2 else low / 2, if (away) 1 - low / 2 else high / 2)
    low <- ends[[1]]
    high <- ends[[2]]
  }
  df[low <= p$high & high >= p$low]
}

figure_box <- function(x, turn) {
  x <- unclass(x)
  box <- suppressWarnings(cbind(turn(x$low), turn(x$value), turn(x$high)))
  box[is.na(x$bound) | x$bound != "=" | !is.finite(box[, 2]), ] <- NA
  box
}

audit_odds_rows <- function(s, other, figures, item, level, back, alternative, df) {
  text <- vapply(figures, as.character, "")
  interval <- paste(text[["low"]], "to", text[["high"]])
  word <- status_table$word[s$status + 1L]
  reversed <- isTRUE(unclass(figures$low)$value > unclass(figures$high)$value)
  if (word != "ok") {
    return(new_audit(item, "interval", interval, verdict = if (reversed) "impossible" else "cannot be judged",
      status = word,
      remedy = if (reversed) "The lower limit is above the upper one." else NA, test = "Wald"))
  }
  decimals <- unclass(figures$estimate)$decimals
  test <- paste0(if (is.finite(df)) paste("t on", format(df), "df") else "Wald", ", ", format(100 * level), " % interval")
  ends <- lapply(figures, unclass)
  outside <- !is.na(text[["estimate"]]) && (ends$estimate$high < ends$low$low || ends$estimate$low > ends$high$high)
  middle <- if (!is.na(text[["estimate"]])) {
    limits <- back(c(s$middle_low, s$middle_high))
    verdict <- audit_verdict(figures$estimate, back(s$middle), limits[1], limits[2])
    if (s$middle_fits == 0L) verdict <- if (outside) "impossible" else "not reproducible by the named test"
    new_audit(item, "middle of the interval", text[["estimate"]], audit_range(limits[1], limits[2], decimals), limits[1],
      limits[2],
      test, verdict, if (outside) "The estimate lies outside its own interval." else if (s$middle_fits == 0L) {
        "Fits an interval that is not symmetric (profile likelihood, exact) or another limit."
      } else NA)
  }
  p <- unclass(figures$p)
  if (is.na(p$value)) {
    return(rbind(middle, new_audit(item, paste0("P", side_words(alternative)), NA, audit_range(s$p_low, s$p_high), s$p_low,
      s$p_high, test, NA)))
  }
  verdict <- audit_verdict(figures$p, s$p_value, s$p_low, s$p_high)
  some_df <- if (verdict == "not reproducible by the named test" && is.na(df)) {
    df_that_fit(s, p, level, alternative)
  }
  if (length(some_df)) verdict <- "cannot be judged"
  fitting <- names(other)[vapply(other, function(o) o$p_low <= p$high && o$p_high >= p$low, NA)]
  remedy <- if (length(some_df)) {
    paste0("Fits a t interval on ", if (length(some_df) > 1L) paste(min(some_df), "to", max(some_df)) else some_df,
      " degrees of freedom.")
  } else if (verdict == "not reproducible by the named test") {
    side <- p_misread(figures$p, list(two_low = s$two_low, two_high = s$two_high, p_low = s$p_low, p_high = s$p_high,
      statistic_low = NA, statistic_high = NA), alternative)
    side <- names(side)[vapply(side, isTRUE, NA)]
    if (length(fitting)) paste0("Fits an interval of level ", paste0(100 * as.double(fitting), " %", collapse = " or "),
      ".") else if (length(side)) side[1] else
      "Fits no Wald interval of 90, 95 or 99 %."
  }
  rbind(middle, new_audit(item, paste0("P", side_words(alternative)), text[["p"]], face_and_range(s$p_value, s$p_low, s$p_high, 4L), s$p_low, s$p_high, test, verdict, remedy %||% NA))
}
