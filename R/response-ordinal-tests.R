# Tests of the terms of an ordered response, and the odds ratio at each cut beside the common one.

#' @rdname response_ordinal
#' @param x A result of `response_ordinal()`.
#' @param test One or several of `"lr"`, `"wald"`, `"score"`, `"proportional"` and `"brant"`.
#' @export
ordinal_tests <- function(x, test = "lr", information = "expected") {
  call <- rlang::current_call()
  model <- ordinal_model(x, call)
  check_words(test, c("lr", "wald", "score", "proportional", "brant"), "test", call)
  check_word(information, c("expected", "observed"), "information", call)
  input <- model$input
  assign <- input$assign[input$assign > 0L]
  sets <- lapply(seq_along(input$labels), function(i) which(assign == i))
  terms <- input$labels
  if (length(sets) > 1L) {
    sets <- c(sets, list(seq_along(assign)))
    terms <- c(terms, "all terms")
  }
  frames <- lapply(test, function(one) {
    found <- if (one == "wald") ordinal_wald(model$fit, sets) else if (one == "brant") {
      ordinal_brant(model$fit, sets, call)$tests
    } else {
      kind <- c(lr = 0L, score = 1L, proportional = 2L)[[one]] + (one == "proportional" && information == "observed")
      ordinal_ask(model$fit, sets, kind, call)
    }
    data.frame(outcome = input$outcome, term = terms, method = one, n = input$n, estimate = NA_real_, found)
  })
  rows <- do.call(rbind, frames)
  rows$conf_level <- model$words$conf_level
  build_result(rows, class = "respondr_terms", settings = list(family = "response", conf_level = model$words$conf_level,
    title = paste0("Tests of the terms of ", input$outcome),
    lines = c(
      if ("proportional" %in% test) paste0("proportional: score test of slopes of their own at each cut, ", information,
        " information"),
      if ("brant" %in% test) "brant: Wald test that the logistic models of the cuts have the same slopes (Brant 1990)",
      ordinal_advice(rows, model)
    )), call = call)
}

ordinal_wald <- function(fit, sets) {
  place <- length(fit$cuts) + cumsum(fit$problem$kept)
  finite <- rep(FALSE, length(fit$beta))
  finite[fit$problem$kept] <- !is.na(fit$runs_to) & fit$runs_to == 0
  rows <- lapply(sets, function(s) {
    s <- s[fit$problem$kept[s]]
    ok <- length(s) > 0L && all(finite[s])
    b <- fit$beta[s]
    statistic <- if (ok) sum(b * solve(fit$vcov[place[s], place[s], drop = FALSE], b)) else NA_real_
    data.frame(statistic = statistic, df = if (ok) length(s) else NA_real_,
      p_value = stats::pchisq(statistic, max(length(s), 1), lower.tail = FALSE), status = factor(if (ok) "ok" else
        if (length(s)) "separated" else "rank_deficient", levels = status_table$word))
  })
  do.call(rbind, rows)
}

# The logistic models of the cuts; one that a combination of predictors separates has no slopes to compare.
ordinal_brant <- function(fit, sets, call) {
  place <- cumsum(fit$problem$kept)
  sets <- lapply(sets, function(s) place[s[fit$problem$kept[s]]])
  none <- lengths(sets) == 0L
  raw <- ask_core(response_ordinal_cuts(fit$problem, sets[!none]), call)
  separated <- vapply(seq_along(raw$largest), function(j) {
    (!raw$converged[j] || raw$largest[j] > 8) && cut_separated(fit$problem, j)
  }, NA)
  tests <- data.frame(statistic = rep(NA_real_, length(sets)), df = NA_real_, p_value = NA_real_,
    status = factor("rank_deficient", levels = status_table$word))
  tests[!none, 1:3] <- raw[c("statistic", "df", "p_value")]
  tests$status[!none] <- status_factor(raw$status)
  if (any(separated)) {
    tests[!none, 1:3] <- NA_real_
    tests$status[!none] <- "separated"
  }
  list(tests = tests, slope = raw$slope / fit$problem$scale[fit$problem$kept],
    error = raw$error / fit$problem$scale[fit$problem$kept], separated = separated, converged = raw$converged)
}

cut_separated <- function(problem, cut) {
  x <- cbind(1, problem$x)
  y <- as.integer(problem$y >= cut)
  keep <- !duplicated(cbind(x, y))
  lib_separation(x[keep, , drop = FALSE], y[keep])$verdict != "none"
}

#' @rdname response_ordinal
#' @export
ordinal_cuts <- function(x, ...) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  model <- ordinal_model(x, call)
  input <- model$input
  fit <- model$fit
  told <- predictor_columns(input)[input$assign > 0L, , drop = FALSE]
  found <- ordinal_brant(fit, list(which(fit$problem$kept)), call)
  k <- length(input$classes) - 1L
  n <- nrow(told)
  kept <- which(fit$problem$kept)
  fill <- function(m) {
    out <- matrix(NA_real_, n, k)
    out[kept, ] <- m
    out[, found$separated | !found$converged] <- NA
    as.vector(t(out))
  }
  b <- fill(found$slope)
  se <- fill(found$error)
  z <- stats::qnorm((1 + model$words$conf_level) / 2)
  row <- rep(seq_len(n), each = k)
  status <- ifelse(!fit$problem$kept[row], "rank_deficient", rep(ifelse(found$separated, "separated",
    ifelse(found$converged, "ok", "not_converged")), n))
  w <- (input$weights %||% rep(1, length(input$y))) * input$used
  above <- vapply(seq_len(k), function(j) as.integer(round(sum(w[input$code >= j]))), 0L)
  rows <- data.frame(outcome = input$outcome, term = told$term[row], contrast = contrast_labels(told, rep(1, n), input)[row],
    level = told$level[row], reference = told$reference[row],
    event = rep(ordinal_cut_names(input$classes), n), method = "wald", n = input$n, events = rep(above, n),
    estimand = "odds ratio", estimate = exp(b), std_error = se, conf_low = exp(b - z * se), conf_high = exp(b + z * se),
    conf_level = model$words$conf_level, conf_method = factor(ifelse(is.na(b), NA, "wald"), levels = conf_method_table$word),
    p_matches = ifelse(is.na(b), NA, TRUE), p_value = stats::pchisq((b / se)^2, 1, lower.tail = FALSE),
    status = factor(status, levels = status_table$word))
  build_result(rows, class = "respondr_ordinal_cuts", settings = list(family = "response", scale = "ratio",
    conf_level = model$words$conf_level, title = paste0("Odds ratios of a better ", input$outcome, " at each cut"),
    lines = c("a logistic model of its own at each cut, to be seen beside the common odds ratio",
      paste0("patients by class, worst first: ", paste(input$classes, ordinal_class_counts(input), collapse = ", ")))),
    call = call)
}

ordinal_cut_names <- function(classes) {
  k <- length(classes)
  c(if (k > 2L) paste(classes[seq_len(k - 2L) + 1L], "or better"), classes[k])
}

# What follows from tests of proportional odds, in plain words.
ordinal_advice <- function(rows, model) {
  rows <- rows[rows$method %in% c("proportional", "brant"), , drop = FALSE]
  if (!nrow(rows)) {
    return(NULL)
  }
  if (length(model$input$classes) < 3L) {
    return("two classes have one cut: there is nothing to be proportional")
  }
  alpha <- 1 - model$words$conf_level
  below <- !is.na(rows$p_value) & rows$p_value <= alpha
  single <- unique(rows$term[below & rows$term != "all terms"])
  if (length(single)) {
    several <- length(single) > 1L
    return(c(
      paste0("the odds ratio", if (several) "s", " of ", listed(single), if (several) " differ" else " differs",
        " between the cuts more than chance explains: one common odds ratio is an average over the cuts. Report ",
        if (several) "them" else "it", " at each cut (`ordinal_cuts()`); a partial proportional-odds model gives ",
        if (several) "these terms" else "this term", " slopes of ", if (several) "their" else "its",
        " own and keeps the others (`ordinal::clm(nominal = ~ ", paste(single, collapse = " + "),
        ")`, `VGAM::vglm(cumulative(parallel = FALSE ~ ", paste(single, collapse = " + "), "))`)")
    ))
  }
  if (any(below)) {
    return(paste0("together the terms depart from proportional odds, though no single one does: look at the odds ratios ",
      "at each cut (`ordinal_cuts()`)"))
  }
  if (all(is.na(rows$p_value))) {
    return("proportional odds cannot be judged here: see `status`")
  }
  paste0("no departure from proportional odds is seen, which in few patients is no proof of it: `ordinal_cuts()` shows ",
    "what the data say at each cut")
}

#' @rdname report_text
#' @export
report_text.respondr_ordinal_cuts <- function(x, ...) {
  d <- as.data.frame(x)
  places <- result_places(x)
  vapply(seq_len(nrow(d)), function(i) {
    one <- d[i, ]
    what <- paste0("odds ratio of ", one$outcome, " ", one$event, ", ", one$term, " (", one$contrast, ")")
    if (is.na(one$estimate)) {
      return(paste0("The ", what, " is not available: ", status_sentence(as.character(one$status)), "."))
    }
    paste0("The ", what, " was ", format_places(one$estimate, places[i]), " (", format_level(one$conf_level),
      " confidence interval ", format_places(one$conf_low, places[i]), " to ", format_places(one$conf_high, places[i]), "; ",
      format_p_words(one$p_value), ", Wald test).")
  }, "")
}
