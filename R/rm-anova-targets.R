# Estimates of means and contrasts of an ANOVA: linear functions l' B c of its coefficients.

#' @export
rm_estimates.respondr_rm_anova <- function(x, words, call) {
  input <- attr(x, "input")
  shown <- as.data.frame(x)
  by_names <- names(input$by)
  keys <- unique(row_keys(shown, c("outcome", by_names)))
  names <- names(input$outcomes)
  out <- list()
  for (g in seq_len(nrow(input$by))) {
    by <- input$by[g, , drop = FALSE]
    row.names(by) <- NULL
    wanted <- row_keys(c(list(outcome = names), lapply(by, rep, length(names))), c("outcome", by_names)) %in% keys
    part <- if (input$kind == "figures") input else rm_group_input(input, g)
    lost <- if (input$kind == "figures") rep(FALSE, length(names)) else lost_levels(part)
    for (some in list(which(wanted & !lost), which(wanted & lost))) {
      if (length(some)) {
        block <- anova_estimates(part, some, lost[some[1]], words, call)
        out[[length(out) + 1L]] <- c(list(by = by), block)
      }
    }
  }
  out
}

# lost: no complete patient has some level of a factor between patients; the contrasts of the other levels stay estimable.
anova_estimates <- function(part, outcomes, lost, words, call) {
  targets <- make_targets(part, words, call)
  terms <- unique(setdiff(rm_term_parts(part)$between, ""))
  design <- rm_between_matrix(part$between, terms)
  grid <- targets$grid$grid
  at_grid <- rm_between_matrix(grid, terms, centre = design$centre)
  contrasts <- list(l = targets$between %*% at_grid$x, c = t(targets$within), pooled = words$error == "pooled",
    conf_level = words$conf_level)
  if (lost) {
    design$x <- dummy_matrix(part$between, terms)
    contrasts$l <- targets$between %*% dummy_matrix(grid, terms, part$between)
    design$assign <- c(0L, rep(1L, ncol(design$x) - 1L))
    design$terms <- "all"
    design$contains <- matrix(FALSE, 1L, 1L)
  }
  design$sets <- unique(rm_term_parts(part)$within)
  solved <- anova_functions(part, outcomes, core_design(part, design, 3L), contrasts, words$p_adjust == "mvt", call)
  rows <- solved$rows
  rows$status <- status_factor(rows$status)
  rows <- c(list(method = constant_factor(if (words$error == "own") "t" else "t_pooled", length(rows$n))), rows)
  list(outcome = names(part$outcomes)[outcomes], labels = targets$labels, rows = rows, correlation = solved$correlation)
}

# l' B c of each outcome: columns of the dictionary's numbers, and the correlations of the estimates where wanted.
anova_functions <- function(part, outcomes, design, contrasts, joint, call) {
  options <- list(pooled = contrasts$pooled, correlation = joint, conf_level = contrasts$conf_level)
  solved <- if (part$kind == "figures") {
    rm_anova_figure_contrasts(part$figures, design, contrasts$l, contrasts$c, options)
  } else {
    rm_anova_contrasts(core_rows(part, outcomes), design, contrasts$l, contrasts$c, options, 1L)
  }
  solved <- ask_core(solved, call)
  raw <- solved$contrasts
  k <- nrow(contrasts$l)
  list(rows = list(n = raw$n, estimate = raw$estimate, std_error = raw$std_error, df = raw$df,
    statistic = raw$statistic, p_value = raw$p, conf_low = raw$conf_low, conf_high = raw$conf_high, status = raw$status),
    correlation = if (joint) array(solved$correlation, c(k, k, length(outcomes))))
}

# Indicators of every combination that occurs in the terms: more columns than ranks, any of them estimable on its own.
dummy_matrix <- function(between, terms, levels_of = between) {
  columns <- lapply(terms, function(term) {
    out <- matrix(1, nrow(between), 1L)
    for (name in strsplit(term, ":", fixed = TRUE)[[1]]) {
      x <- between[[name]]
      part <- if (is.numeric(x)) {
        matrix(x - mean(levels_of[[name]], na.rm = TRUE))
      } else {
        outer(as.character(x), levels(levels_of[[name]]), "==") + 0
      }
      out <- do.call(cbind, lapply(seq_len(ncol(part)), function(j) out * part[, j]))
    }
    out
  })
  unname(do.call(cbind, c(list(rep(1, nrow(between))), columns)))
}

# The door of emmeans: coefficients of every cell as one vector, cell after cell.
#' @exportS3Method emmeans::recover_data
recover_data.respondr_rm_anova <- function(object, data, ...) {
  input <- attr(object, "input")
  grid <- between_grid(input$between)$grid
  at <- expand.grid(cell = seq_len(nrow(input$within)), row = seq_len(nrow(grid)))
  frame <- as.data.frame(c(lapply(input$within, function(x) x[at$cell]), lapply(grid, function(x) x[at$row])))
  names(frame) <- c(names(input$within), names(grid))
  emmeans::recover_data(attr(object, "call"), stats::delete.response(input$model), na.action = NULL, data = frame, ...)
}

#' @exportS3Method emmeans::emm_basis
emm_basis.respondr_rm_anova <- function(object, trms, xlev, grid, ...) { # nolint: object_name_linter
  input <- attr(object, "input")
  if (length(input$outcomes) > 1L || nrow(input$by) > 1L) {
    stop_input("x", "emmeans takes a result of one outcome without `by`.", "object", NULL)
  }
  terms <- unique(setdiff(rm_term_parts(input)$between, ""))
  design <- rm_between_matrix(input$between, terms)
  q <- ncol(design$x)
  cells <- nrow(input$within)
  contrasts <- list(l = diag(q)[rep(seq_len(q), cells), , drop = FALSE],
    c = t(diag(cells)[rep(seq_len(cells), each = q), , drop = FALSE]), pooled = FALSE, conf_level = 0.95)
  design$sets <- unique(rm_term_parts(input)$within)
  solved <- anova_functions(input, 1L, core_design(input, design, 3L), contrasts, TRUE, NULL)
  spread <- solved$rows$std_error
  frame <- as.data.frame(lapply(names(input$between), function(name) {
    x <- grid[[name]]
    if (is.factor(input$between[[name]])) factor(as.character(x), levels(input$between[[name]])) else as.double(x)
  }))
  names(frame) <- names(input$between)
  if (!length(input$between)) frame <- data.frame(row.names = seq_len(nrow(grid)))
  x <- rm_between_matrix(frame, terms, centre = design$centre)$x
  cell <- match(cell_labels(grid[input$within_names]), input$visits)
  big <- matrix(0, nrow(grid), q * cells)
  for (i in seq_len(nrow(grid))) big[i, (cell[i] - 1L) * q + seq_len(q)] <- x[i, ]
  df <- solved$rows$df[1]
  list(X = big, bhat = solved$rows$estimate, nbasis = matrix(NA), V = solved$correlation[, , 1] * tcrossprod(spread),
    dffun = function(k, dfargs) dfargs$df, dfargs = list(df = df), misc = list())
}
