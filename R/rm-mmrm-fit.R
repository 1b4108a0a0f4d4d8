# From the rows of the data to fitted models: one outcome, or all outcomes of a group in one call of the core.

# One problem for each outcome and by group; one of them gives a model, several a table.
fit_mmrm <- function(input, words, call) {
  groups <- seq_len(length(input$group_start) - 1L)
  if (length(groups) * length(input$outcomes) == 1L) {
    return(mmrm_one(rm_group_input(input, 1L), words, call))
  }
  asked <- list(kind = "contrast", contrast = "reference", of = input$within_names[length(input$within_names)],
    by = character(), margins = "equal", reference = NULL, error = "own", p_adjust = "none", conf_level = words$conf_level)
  parts <- lapply(groups, function(g) mmrm_group(rm_group_input(input, g), words, asked, call))
  fits <- unlist(lapply(parts, `[[`, "fits"), recursive = FALSE)
  result <- targets_table(unlist(lapply(parts, `[[`, "blocks"), recursive = FALSE), asked, mmrm_settings_of(fits), input, call)
  settings <- attr(result, "settings")
  settings$title <- "Mixed models for repeated measures"
  settings[c("covariance_words", "df_words")] <- mmrm_settings_of(fits)[c("covariance_words", "df_words")]
  attr(result, "settings") <- settings
  outcome <- vapply(fits, `[[`, "", "outcome")
  attr(result, "fits") <- fits[order(match(outcome, names(input$outcomes)))]
  result
}

mmrm_settings_of <- function(fits) replace(fits[[1]]$settings, "covariance_words", mmrm_structures(fits))

# The covariance that converged may differ from one model to the next; each is then named with its models.
mmrm_structures <- function(fits) {
  words <- vapply(fits, function(fit) fit$settings$covariance_words, "")
  if (length(unique(words)) == 1L) {
    return(words[1])
  }
  several <- length(unique(vapply(fits, `[[`, "", "outcome"))) > 1L
  label <- vapply(fits, function(fit) {
    paste(c(if (several) fit$outcome, vapply(fit$by, format_text, "")), collapse = " ")
  }, "")
  paste(vapply(unique(words), function(word) {
    paste0(word, " (", paste(label[words == word], collapse = ", "), ")")
  }, ""), collapse = ", ")
}

# All outcomes of one group: the models, and the blocks of their contrasts for targets_table().
mmrm_group <- function(input, words, asked, call) {
  data <- mmrm_frame(input, words, call)
  values <- lapply(input$outcomes, `[`, data$row)
  if (length(words$covariance_by) && anyNA(values, recursive = TRUE)) {  # a group may be empty for some outcome
    models <- lapply(seq_along(values), function(o) mmrm_one(input, words, call, o))
    return(list(fits = models, blocks = unlist(lapply(models, rm_estimates, asked, call), recursive = FALSE)))
  }
  model <- mmrm_matrix(input, data$frame, words)
  problem <- mmrm_problem(input, data, model$x, values, words, call)
  fits <- ask_core(name_infinite(rm_mmrm_fit(problem, mmrm_options(words), words$threads), input), call)
  vcov <- ask_core(rm_mmrm_covariance(problem, fits, mmrm_test_options(words, 0.95), words$threads), call)
  models <- lapply(seq_along(fits), function(o) {
    part <- input
    part$outcomes <- part$outcomes[o]
    own <- mmrm_take(data, !is.na(values[[o]]))
    own_model <- model
    own_model$x <- own$take(model$x)
    own_problem <- if (own$all) replace(problem, "y", values[o]) else
      mmrm_problem(input, own$data, own_model$x, values[[o]][own$rows], words, call)
    new_mmrm(part, words, own$data, own_model, own_problem, fits[o], vcov[[o]], call)
  })
  list(fits = models, blocks = mmrm_blocks(input, models, problem, fits, asked, words, call))
}

# Without covariates the contrasts are the same linear functions of every outcome's coefficients, and their tests one call.
mmrm_blocks <- function(input, models, problem, fits, asked, words, call) {
  if (!all(vapply(c(as.list(input$between), input$varying), is.factor, NA))) {
    return(unlist(lapply(models, rm_estimates, asked, call), recursive = FALSE))
  }
  targets <- make_targets(input, asked, call)
  l <- mmrm_target_matrix(models[[1]], targets)
  rows <- mmrm_tests(problem, fits, l, mmrm_test_options(words, words$conf_level), words$threads, call)
  list(list(outcome = names(input$outcomes), by = input$by, labels = targets$labels,
    rows = mmrm_rows(words, vapply(models, `[[`, 0L, "n"), vapply(models, nobs, 0L), rows)))
}

# Rows of the visits made, sorted by patient and visit, whose covariates and weight are known.
mmrm_frame <- function(input, words, call) {
  rows <- t(input$rows)
  at <- which(!is.na(rows))
  row <- rows[at]
  cell <- (at - 1L) %% nrow(rows) + 1L
  patient <- (at - 1L) %/% nrow(rows) + 1L
  frame <- c(
    lapply(input$within, function(x) x[cell]),
    lapply(input$between, function(x) x[patient]),
    lapply(input$varying, function(x) as_between(x[row]))
  )
  for (name in names(frame)) {
    if (is.numeric(frame[[name]]) && any(is.infinite(frame[[name]]))) {
      stop_input("infinite", paste0("Covariate `", name, "` holds infinite values; correct them or set them to NA."),
        "formula", call)
    }
  }
  weight <- if (!is.null(words$weights)) words$weights[row]
  data <- list(frame = quick_frame(frame), patient = patient, visit = cell, weight = weight, row = row)
  mmrm_take(data, !Reduce(`|`, lapply(c(frame, list(weight)[!is.null(weight)]), is.na)))$data
}

# The rows kept, and take() for a matrix that goes with them.
mmrm_take <- function(data, keep) {
  all <- all(keep)
  rows <- which(keep)
  take <- function(x) if (all) x else x[rows, , drop = FALSE]
  if (!all) {
    data <- list(frame = data$frame[rows, , drop = FALSE], patient = data$patient[rows], visit = data$visit[rows],
      weight = data$weight[rows], row = data$row[rows])
  }
  list(data = data, rows = rows, all = all, take = take)
}

# One outcome of one group: the problem in the core's terms, the fit, the model object.
mmrm_one <- function(input, words, call, o = 1L) {
  input$outcomes <- input$outcomes[o]
  data <- mmrm_frame(input, words, call)
  y <- input_column(input, "outcomes", 1L)[data$row]
  own <- mmrm_take(data, !is.na(y))
  model <- mmrm_matrix(input, own$data$frame, words)
  problem <- mmrm_problem(input, own$data, model$x, y[own$rows], words, call)
  fits <- ask_core(name_infinite(rm_mmrm_fit(problem, mmrm_options(words), words$threads), input), call)
  vcov <- ask_core(rm_mmrm_covariance(problem, fits, mmrm_test_options(words, 0.95), 1L), call)[[1]]
  new_mmrm(input, words, own$data, model, problem, fits, vcov, call)
}

# y: a vector, or a list of them.
mmrm_problem <- function(input, data, x, y, words, call) {
  attr(x, "dimnames") <- NULL
  by_cov <- words$covariance_by
  group <- if (length(by_cov)) interaction(data$frame[by_cov], drop = TRUE)
  list(
    x = x, y = y, patient = match(data$patient, unique(data$patient)), visit = data$visit, n_visits = nrow(input$within),
    group = if (!is.null(group)) as.integer(group), n_groups = if (is.null(group)) 1L else nlevels(group),
    groups = levels(group), weights = data$weight, times = mmrm_times(input, words, call)
  )
}
