# Validation against its peers, in one run. From anywhere: Rscript inst/bench/validate.R   (about 2 minutes)
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- if (length(file)) dirname(normalizePath(file)) else system.file("bench", package = "respondr")
source(file.path(here, "common.R"))
bench_library("pROC")
suppressPackageStartupMessages({
  library(respondr)
  library(pROC)
})
set.seed(1)

cat("== area and DeLong's interval\n")
for (n in c(1e4, 1e6)) {
  y <- rbinom(n, 1, 0.3)
  x <- rnorm(n) + y
  runs <- if (n < 1e5) 5 else 3
  ours <- seconds(validate_predictors(y, x, type = "marker"), runs)
  peer <- seconds(ci.auc(roc(y, x, quiet = TRUE, direction = "<"), method = "delong"), runs)
  record(sprintf("AUC with DeLong interval, n = %s", format(n, big.mark = ",", scientific = FALSE)), ours, "pROC", peer, 3)
  theirs <- as.numeric(ci.auc(roc(y, x, quiet = TRUE, direction = "<"), method = "delong"))
  mine <- validate_predictors(y, x, type = "marker")
  stopifnot(all.equal(c(mine$conf_low, mine$estimate, mine$conf_high), theirs, tolerance = 1e-10))
}

cat("== two areas on the same patients\n")
n <- 1e6
y <- rbinom(n, 1, 0.3)
d <- data.frame(y = y, a = rnorm(n) + y, b = rnorm(n) + 0.9 * y)
ours <- seconds(compare_aucs(y ~ a + b, d), 3)
peer <- seconds(roc.test(roc(d$y, d$a, quiet = TRUE, direction = "<"), roc(d$y, d$b, quiet = TRUE, direction = "<"),
  method = "delong"), 3)
record("DeLong's test of two areas, n = 1,000,000", ours, "pROC", peer, 3)

cat("== 2,000 bootstrap validations of a model of 8 predictors, n = 62\n")
n <- 62
x <- matrix(rnorm(n * 8), n)
d <- data.frame(y = as.integer(rank(x[, 1] + rnorm(n)) > 21), x)
fit <- glm(y ~ ., binomial(), d)
measures <- function(model, data) {
  p <- predict(model, data, type = "response")
  eta <- qlogis(p)
  c(as.numeric(auc(roc(data$y, p, quiet = TRUE, direction = "<"))), mean((data$y - p)^2),
    coef(glm.fit(cbind(1, eta), data$y, family = binomial()))[2])
}
loop <- function(replicates) {
  for (b in seq_len(replicates)) {
    rows <- c(sample(which(d$y == 1), replace = TRUE), sample(which(d$y == 0), replace = TRUE))
    model <- suppressWarnings(glm(y ~ ., binomial(), d[rows, ]))
    suppressWarnings(measures(model, d[rows, ]) - measures(model, d))
  }
}
ours <- seconds(validate_predictors(fit, replicates = 2000, seed = 1), 3)
peer <- seconds(loop(50), 1) / 50 * 2000
record("2,000 bootstrap validations, 8 predictors, n = 62", ours, "loop over glm and pROC", peer, 20)

cat("== a cut-point with 2,000 resamples, n = 62\n")
ours <- seconds(marker_cutpoint(y ~ X1, d, replicates = 2000, seed = 1), 3)
peer <- seconds(for (b in 1:50) {
  rows <- c(sample(which(d$y == 1), replace = TRUE), sample(which(d$y == 0), replace = TRUE))
  coords(roc(d$y[rows], d$X1[rows], quiet = TRUE, direction = "<"), "best", best.method = "youden")
}, 1) / 50 * 2000
record("cut-point with 2,000 resamples, n = 62", ours, "loop over pROC", peer, 20)

bench_table()
